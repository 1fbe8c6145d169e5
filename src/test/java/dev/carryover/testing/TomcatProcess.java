package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A Tomcat from its distribution, which the build has unpacked, in a process of its own. It has the
 * distribution's conf/web.xml (with JSP), and one connector.
 */
final class TomcatProcess {

  private static final Pattern STARTED = Pattern.compile("Server startup in ");
  private static final Pattern PORT =
      Pattern.compile(
          "Starting ProtocolHandler \\[\"http-nio-127\\.0\\.0\\.1-(?:auto-\\d+-)?(\\d+)");
  private static final Pattern FAILED =
      Pattern.compile("startup failed due to previous errors|Error deploying web application");

  private static final String LOGGING =
      """
      handlers = java.util.logging.ConsoleHandler
      .handlers = java.util.logging.ConsoleHandler
      java.util.logging.ConsoleHandler.level = FINE
      java.util.logging.ConsoleHandler.formatter = org.apache.juli.OneLineFormatter
      """;

  private TomcatProcess() {}

  /**
   * Starts it.
   *
   * @param homeProperty the system property that says where the distribution is
   */
  static WebContainer start(String name, String homeProperty, WebContainer.Builder from) {
    String home = ContainerProcess.directory(homeProperty);
    Path base = base(Path.of(home), from);
    List<String> options =
        new ArrayList<>(
            List.of(
                "-Dcatalina.home=" + home,
                "-Dcatalina.base=" + base,
                "-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager",
                "-Djava.util.logging.config.file=" + base.resolve("conf/logging.properties"),
                "-Djava.security.egd=file:/dev/./urandom",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED"));
    options.addAll(from.jvmOptions);
    JavaProcess process =
        JavaProcess.start(
            base,
            options,
            List.of(Path.of(home, "bin", "bootstrap.jar"), Path.of(home, "bin", "tomcat-juli.jar")),
            STARTED,
            "org.apache.catalina.startup.Bootstrap",
            "start");
    return new ContainerProcess(
        name, from.contextPath, ContainerProcess.unlessFailed(process, FAILED), PORT);
  }

  private static Path base(Path home, WebContainer.Builder from) {
    Path base = TemporaryDirectory.create("tomcat");
    try {
      Path conf = Files.createDirectories(base.resolve("conf"));
      Path webapps = Files.createDirectories(base.resolve("webapps"));
      Files.copy(home.resolve("conf/web.xml"), conf.resolve("web.xml"));
      Files.writeString(conf.resolve("server.xml"), serverXml(from));
      Files.writeString(conf.resolve("context.xml"), contextXml(from));
      Files.writeString(conf.resolve("tomcat-users.xml"), usersXml(from));
      Files.writeString(conf.resolve("logging.properties"), LOGGING);
      Files.copy(from.war, webapps.resolve(fileName(from.contextPath)));
      for (var other : from.otherWars.entrySet()) {
        Files.copy(other.getValue(), webapps.resolve(fileName(other.getKey())));
      }
      return base;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String fileName(String contextPath) {
    String war = contextPath.isEmpty() ? "ROOT" : contextPath.substring(1);
    return war.replace("/", "#") + ".war";
  }

  private static String serverXml(WebContainer.Builder from) {
    String route = from.route == null ? "" : "jvmRoute=\"" + escaped(from.route) + "\"";
    // A thread that Tomcat makes while an application calls it inherits that one's class loader.
    String threads = from.deploysLater ? "minSpareThreads=\"10\" maxThreads=\"10\"" : "";
    return """
        <Server port="-1">
          <Service name="Catalina">
            <Connector port="%d" address="127.0.0.1" protocol="org.apache.coyote.http11.Http11NioProtocol"
                maxKeepAliveRequests="-1" %s/>
            <Engine name="Catalina" defaultHost="localhost" backgroundProcessorDelay="1" %s>
              <Realm className="org.apache.catalina.realm.MemoryRealm" pathname="conf/tomcat-users.xml"/>
              <Host name="localhost" appBase="webapps" unpackWARs="true" autoDeploy="%s"
                  failCtxIfServletStartFails="true"/>
            </Engine>
          </Service>
        </Server>
        """
        .formatted(from.port, threads, route, from.deploysLater);
  }

  private static String contextXml(WebContainer.Builder from) {
    StringBuilder xml =
        new StringBuilder(
            "<Context crossContext=\"%s\">\n  <Manager pathname=\"\"/>\n"
                .formatted(!from.otherWars.isEmpty()));
    from.contextParams.forEach(
        (name, value) ->
            xml.append(
                "  <Parameter name=\"%s\" value=\"%s\" override=\"false\"/>\n"
                    .formatted(escaped(name), escaped(value))));
    return xml.append(from.contextXml).append("</Context>\n").toString();
  }

  private static String usersXml(WebContainer.Builder from) {
    StringBuilder xml = new StringBuilder("<tomcat-users>\n");
    from.users.forEach(
        user ->
            xml.append(
                "  <user name=\"%s\" password=\"%s\" roles=\"%s\"/>\n"
                    .formatted(
                        escaped(user.name()),
                        escaped(user.password()),
                        escaped(String.join(",", user.roles())))));
    return xml.append("</tomcat-users>\n").toString();
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
