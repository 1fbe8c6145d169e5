package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A Jetty from its distribution, which the build has unpacked, in a process of its own. */
final class JettyHomeProcess {

  private static final Pattern STARTED = Pattern.compile("Started .*@\\d+ms$");
  private static final Pattern PORT =
      Pattern.compile("Started \\S*ServerConnector@.*\\{127\\.0\\.0\\.1:(\\d+)\\}");
  private static final Pattern FAILED = Pattern.compile("Failed startup of context");

  private JettyHomeProcess() {}

  /**
   * Starts it.
   *
   * @param homeProperty the system property that says where the distribution is
   * @param modules the modules of the distribution that are to be enabled, with commas between
   * @param contextPackage where that distribution has its {@code WebAppContext}
   */
  static WebContainer start(
      String name,
      String homeProperty,
      String modules,
      String contextPackage,
      WebContainer.Builder from) {
    Path home = Path.of(ContainerProcess.directory(homeProperty));
    Path base = base(contextPackage, from);
    List<String> options = new ArrayList<>(from.jvmOptions);
    options.add("-Djetty.home=" + home);
    options.add("-Djetty.base=" + base);
    List<String> main =
        new ArrayList<>(
            List.of(
                "org.eclipse.jetty.start.Main",
                "--module=" + modules,
                "jetty.http.host=127.0.0.1",
                "jetty.http.port=" + from.port));
    if (from.deploysLater) {
      main.add("jetty.deploy.scanInterval=1");
    }
    if (from.route != null) {
      main.add("jetty.sessionIdManager.workerName=" + from.route);
    }
    JavaProcess process =
        JavaProcess.start(
            base,
            options,
            List.of(home.resolve("start.jar")),
            STARTED,
            main.toArray(String[]::new));
    return new ContainerProcess(
        name, from.contextPath, ContainerProcess.unlessFailed(process, FAILED), PORT);
  }

  private static Path base(String contextPackage, WebContainer.Builder from) {
    Path base = TemporaryDirectory.create("jetty-home");
    try {
      Path webapps = Files.createDirectories(base.resolve("webapps"));
      Files.createDirectories(base.resolve("resources"));
      Path war =
          Files.copy(from.war, Files.createDirectories(base.resolve("wars")).resolve("a.war"));
      Files.writeString(
          webapps.resolve("a.xml"), contextXml(contextPackage, from.contextPath, war, from));
      for (var other : from.otherWars.entrySet()) {
        String name = other.getKey().replace('/', '_');
        Path copy = Files.copy(other.getValue(), base.resolve("wars").resolve(name + ".war"));
        Files.writeString(
            webapps.resolve(name + ".xml"), contextXml(contextPackage, other.getKey(), copy, from));
      }
      return base;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String contextXml(
      String contextPackage, String contextPath, Path war, WebContainer.Builder from) {
    StringBuilder xml =
        new StringBuilder(
            """
            <?xml version="1.0"?>
            <!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN"
                "http://www.eclipse.org/jetty/configure_9_3.dtd">
            """);
    xml.append("<Configure class=\"%s.WebAppContext\">\n".formatted(contextPackage));
    xml.append(set("contextPath", contextPath.isEmpty() ? "/" : contextPath));
    xml.append(set("war", war.toString()));
    from.contextParams.forEach(
        (key, value) ->
            xml.append(
                "<Call name=\"setInitParameter\"><Arg>%s</Arg><Arg>%s</Arg></Call>\n"
                    .formatted(TomcatProcess.escaped(key), TomcatProcess.escaped(value))));
    if (from.deploysLater) {
      xml.append("<Ref refid=\"Server\"><Call name=\"addBean\"><Arg>")
          .append(loginService(from.users))
          .append("</Arg></Call></Ref>\n");
    } else if (!from.users.isEmpty()) {
      xml.append("<Get name=\"securityHandler\"><Set name=\"loginService\">")
          .append(loginService(from.users))
          .append("</Set></Get>\n");
    }
    return xml.append("</Configure>\n").toString();
  }

  private static String loginService(List<WebContainer.User> users) {
    StringBuilder xml =
        new StringBuilder(
            """
            <New class="org.eclipse.jetty.security.HashLoginService">
              <Set name="name">default</Set>
              <Set name="userStore"><New class="org.eclipse.jetty.security.UserStore">
            """);
    for (WebContainer.User user : users) {
      xml.append("<Call name=\"addUser\"><Arg>%s</Arg><Arg>".formatted(user.name()))
          .append("<Call class=\"org.eclipse.jetty.util.security.Credential\"")
          .append(" name=\"getCredential\"><Arg>%s</Arg></Call>".formatted(user.password()))
          .append("</Arg><Arg><Array type=\"java.lang.String\">");
      user.roles().forEach(role -> xml.append("<Item>%s</Item>".formatted(role)));
      xml.append("</Array></Arg></Call>\n");
    }
    return xml.append("</New></Set></New>").toString();
  }

  private static String set(String property, String value) {
    return "<Set name=\"%s\">%s</Set>\n".formatted(property, TomcatProcess.escaped(value));
  }
}
