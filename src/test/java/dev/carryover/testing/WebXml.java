package dev.carryover.testing;

import jakarta.servlet.DispatcherType;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Deployment descriptors for WAR files in the making, from fragments of text. */
public final class WebXml {

  /** Makes the container able to authenticate: {@code /secured/*} is for the role customer. */
  public static final String BASIC_LOGIN =
      """
      <security-constraint>
        <web-resource-collection>
          <web-resource-name>secured</web-resource-name>
          <url-pattern>/secured/*</url-pattern>
        </web-resource-collection>
        <auth-constraint><role-name>customer</role-name></auth-constraint>
      </security-constraint>
      <login-config><auth-method>BASIC</auth-method><realm-name>test</realm-name></login-config>
      <security-role><role-name>customer</role-name></security-role>
      """;

  /** The same by a form, {@code /login.html}, which also says that the login has failed. */
  public static final String FORM_LOGIN =
      BASIC_LOGIN.replaceFirst(
          "(?s)<login-config>.*</login-config>",
          """
          <login-config>
            <!-- <auth-method>BASIC</auth-method> -->
            <auth-method>FORM</auth-method>
            <form-login-config>
              <form-login-page>/login.html</form-login-page>
              <form-error-page>/login.html</form-error-page>
            </form-login-config>
          </login-config>
          """);

  private WebXml() {}

  /** Returns a descriptor with the elements in it. */
  public static String with(String... elements) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        """
        + String.join("\n", elements)
        + "</web-app>\n";
  }

  /** Returns the element that sets how sessions are tracked and how long they live. */
  public static String sessionConfig(String... elements) {
    return "<session-config>" + String.join("", elements) + "</session-config>";
  }

  /** Returns the declaration of our filter, with an init parameter for each pair. */
  public static String filter(String... initParams) {
    StringBuilder filter =
        new StringBuilder("<filter><filter-name>sessions</filter-name>")
            .append("<filter-class>dev.carryover.SessionFilter</filter-class>");
    for (int i = 0; i < initParams.length; i += 2) {
      filter
          .append("<init-param><param-name>")
          .append(initParams[i])
          .append("</param-name><param-value>")
          .append(initParams[i + 1])
          .append("</param-value></init-param>");
    }
    return filter
        .append("</filter><filter-mapping><filter-name>sessions</filter-name>")
        .append("<url-pattern>/*</url-pattern></filter-mapping>")
        .toString();
  }

  /** Returns a declaration of our filter that does not rely on its initializer. */
  public static String filterForAllDispatches() {
    return filter()
        .replace("</filter>", "<async-supported>true</async-supported></filter>")
        .replace(
            "</filter-mapping>",
            Arrays.stream(DispatcherType.values())
                    .map(type -> "<dispatcher>" + type + "</dispatcher>")
                    .collect(Collectors.joining())
                + "</filter-mapping>");
  }
}
