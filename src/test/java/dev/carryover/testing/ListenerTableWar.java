package dev.carryover.testing;

/** The web application that writes down all events, the package {@code listenertable}, as a WAR. */
public final class ListenerTableWar {

  private ListenerTableWar() {}

  /** Returns it without Carryover, to be added to and built. */
  public static WarBuilder builder() {
    return WarBuilder.war()
        .classesOfPackage("listenertable")
        .webXml(
            """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <listener>
                <listener-class>listenertable.RequestLogger</listener-class>
              </listener>
              <listener>
                <listener-class>listenertable.DeclaredListener</listener-class>
              </listener>
              <listener>
                <listener-class>listenertable.StartupListener</listener-class>
              </listener>
            </web-app>
            """);
  }
}
