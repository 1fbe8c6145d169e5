package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GlassFish from its distribution, which the build has unpacked, in a process of its own: its
 * domain1, with the ports moved to free ones of the loopback interface, and the web application
 * entered as its deployer would.
 */
final class GlassFishProcess {

  private static final String HOME = "carryover-test.glassfish";
  private static final Pattern STARTED = Pattern.compile("Eclipse GlassFish.*startup time");
  private static final Pattern FAILED =
      Pattern.compile("Exception while (loading|deploying) the app|startup failed");

  private static final String LOOPBACK = "address=\"127.0.0.1\" port=\"%d\"";
  private static final String APPLICATION =
      """
      <application name="%1$s" context-root="%2$s" directory-deployed="true" object-type="user"
          location="${com.sun.aas.instanceRootURI}/applications/%1$s/">
        <module name="%1$s"><engine sniffer="web"/><engine sniffer="security"/></module>
      </application>
      """;

  private GlassFishProcess() {}

  static WebContainer start(String name, WebContainer.Builder from) {
    Path home = Path.of(ContainerProcess.directory(HOME));
    int port = from.port == 0 ? freePort() : from.port;
    Path base = base(home, port, from);
    List<String> options = LargeContainer.options(from);
    LargeContainer.open(
        options,
        "java.base/java.io",
        "java.base/java.lang",
        "java.base/java.util",
        "java.base/sun.nio.fs",
        "java.base/sun.net.www.protocol.jrt",
        "java.base/jdk.internal.vm.annotation",
        "java.naming/javax.naming.spi",
        "java.rmi/sun.rmi.transport",
        "jdk.management/com.sun.management.internal");
    options.add("--add-exports=java.naming/com.sun.jndi.ldap=ALL-UNNAMED");
    options.add("--add-exports=java.base/jdk.internal.vm.annotation=ALL-UNNAMED");
    options.add("-Djava.security.policy=" + base.resolve("config/server.policy"));
    options.add("-Djava.security.auth.login.config=" + base.resolve("config/login.conf"));
    options.add("-Djavax.net.ssl.keyStore=" + base.resolve("config/keystore.jks"));
    options.add("-Djavax.net.ssl.trustStore=" + base.resolve("config/cacerts.jks"));
    options.add(
        "-Dcom.sun.enterprise.config.config_environment_factory_class="
            + "com.sun.enterprise.config.serverbeans.AppserverConfigEnvironmentFactory");
    options.add("-Dcom.sun.aas.instanceRoot=" + base);
    options.add("-Dcom.sun.aas.installRoot=" + home);
    JavaProcess process =
        JavaProcess.start(
            base,
            options,
            List.of(home.resolve("modules/glassfish.jar")),
            STARTED,
            "com.sun.enterprise.glassfish.bootstrap.GlassFishMain",
            "-domaindir",
            base.toString(),
            "-domainname",
            "domain1",
            "-instancename",
            "server",
            "-type",
            "DAS",
            "-verbose",
            "true",
            "-debug",
            "false",
            "-upgrade",
            "false");
    Pattern listening = Pattern.compile("bound to \\[/127\\.0\\.0\\.1:(" + port + ")\\]");
    return new ContainerProcess(
        name, from.contextPath, ContainerProcess.unlessFailed(process, FAILED), listening);
  }

  /** GlassFish takes any port if told to, but does not tell which. */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path base(Path home, int port, WebContainer.Builder from) {
    Path base = TemporaryDirectory.create("glassfish");
    try {
      LargeContainer.copy(home.resolve("domains/domain1"), base);
      Path domain = base.resolve("config/domain.xml");
      Files.writeString(domain, domainXml(Files.readString(domain), port, from));
      for (var each : LargeContainer.wars(from).entrySet()) {
        try (FileSystem war = FileSystems.newFileSystem(each.getValue())) {
          LargeContainer.copy(war.getPath("/"), base.resolve("applications" + name(each.getKey())));
        }
      }
      StringBuilder users = new StringBuilder();
      for (WebContainer.User user : from.users) {
        users.append(user.name()).append(";{SSHA256}").append(hash(user.password()));
        users.append(';').append(String.join(",", user.roles())).append('\n');
      }
      Files.writeString(base.resolve("config/keyfile"), users);
      return base;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of an application, with a slash before it. */
  private static String name(String contextPath) {
    return contextPath.isEmpty() ? "/a" : contextPath;
  }

  /** Salted, and hashed a hundred times, as its file realm wants it. */
  private static String hash(String password) {
    byte[] salt = "saltsalt".getBytes(StandardCharsets.UTF_8);
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(password.getBytes(StandardCharsets.UTF_8));
      byte[] hash = sha.digest(salt);
      for (int round = 1; round < 100; round++) {
        hash = sha.digest(hash);
      }
      byte[] both = Arrays.copyOf(hash, hash.length + salt.length);
      System.arraycopy(salt, 0, both, hash.length, salt.length);
      return Base64.getEncoder().encodeToString(both);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first configuration is the server's, others are templates for more. */
  private static String domainXml(String xml, int port, WebContainer.Builder from) {
    int end = xml.indexOf("</config>");
    StringBuilder applications = new StringBuilder();
    StringBuilder references = new StringBuilder();
    for (String path : LargeContainer.wars(from).keySet()) {
      String name = name(path).substring(1);
      applications.append(APPLICATION.formatted(name, path.isEmpty() ? "/" : path));
      references.append("<application-ref ref=\"%s\" virtual-servers=\"server\"/>".formatted(name));
    }
    String server =
        xml.substring(0, end)
            .replace(
                "<system-applications />",
                "<system-applications /><applications>" + applications + "</applications>")
            .replaceFirst("(?=<resource-ref )", Matcher.quoteReplacement(references.toString()))
            .replace(
                "<security-service>",
                "<security-service activate-default-principal-to-role-mapping=\"true\">")
            .replace("address=\"0.0.0.0\"", "address=\"127.0.0.1\"")
            .replace("port=\"8080\"", LOOPBACK.formatted(port))
            .replace("port=\"4848\"", LOOPBACK.formatted(freePort()))
            .replace("port=\"8181\"", "enabled=\"false\" port=\"8181\"")
            .replaceAll("<(iiop-listener|jmx-connector) ", "<$1 enabled=\"false\" ");
    return server + xml.substring(end);
  }
}
