package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.jasper.servlet.JasperInitializer;
import org.apache.tomcat.InstanceManager;
import org.apache.tomcat.SimpleInstanceManager;
import org.eclipse.jetty.ee.webapp.WebAppClassLoader;
import org.eclipse.jetty.ee10.annotations.AnnotationConfiguration;
import org.eclipse.jetty.ee10.webapp.Configuration;
import org.eclipse.jetty.ee10.webapp.FragmentConfiguration;
import org.eclipse.jetty.ee10.webapp.MetaInfConfiguration;
import org.eclipse.jetty.ee10.webapp.WebAppConfiguration;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.ee10.webapp.WebInfConfiguration;
import org.eclipse.jetty.ee10.webapp.WebXmlConfiguration;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketConfiguration;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.session.DefaultSessionIdManager;
import org.eclipse.jetty.util.security.Credential;

/**
 * One node of a cluster: a Jetty on the loopback interface, in this process, with web applications
 * deployed from WAR files that see nothing of the test class path.
 */
public final class JettyNode implements AutoCloseable {

  // Held here because java.util.logging forgets the level of a logger nobody holds. That a web
  // application failed to start is in the exception, and need not be in the log too.
  private static final Map<Logger, Level> LOUDNESS =
      Map.of(
          Logger.getLogger("org.eclipse.jetty"), Level.WARNING,
          Logger.getLogger("org.apache.jasper"), Level.WARNING,
          Logger.getLogger("org.apache.tomcat.util.descriptor"), Level.SEVERE,
          Logger.getLogger(WebAppContext.class.getName()), Level.SEVERE);

  static {
    LOUDNESS.forEach(Logger::setLevel);
  }

  private final Server server;
  private final ServerConnector connector;
  private final List<WebAppContext> contexts;
  private final Path directory;

  private JettyNode(
      Server server, ServerConnector connector, List<WebAppContext> contexts, Path directory) {
    this.server = server;
    this.connector = connector;
    this.contexts = contexts;
    this.directory = directory;
  }

  /** Returns the beginning of a node; {@link Builder#start} starts it. */
  public static Builder node() {
    return new Builder();
  }

  /** Returns the address of a path of the first web application, which starts with a slash. */
  public URI uri(String path) {
    return uri(context(), path);
  }

  /** Returns the address of a path of one of the node's web applications. */
  public URI uri(WebAppContext context, String path) {
    String prefix = context.getContextPath().equals("/") ? "" : context.getContextPath();
    return URI.create("http://127.0.0.1:" + port() + prefix + path);
  }

  /** Returns the port that the node listens at. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Returns the first web application. */
  public WebAppContext context() {
    return contexts.get(0);
  }

  /** Returns the web application at the context path. */
  public WebAppContext context(String contextPath) {
    return contexts.stream()
        .filter(context -> context.getContextPath().equals(contextPath))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No web application at " + contextPath));
  }

  /** Undeploys everything and stops; does nothing if the node is stopped. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Node did not stop", e);
    } finally {
      server.destroy();
      TemporaryDirectory.delete(directory);
    }
  }

  @Override
  public String toString() {
    return "JettyNode[" + server.getState() + ", port " + connector.getPort() + "]";
  }

  private void start() {
    try {
      server.start();
      // A node that starts again on "its" port must find it.
      connector.setPort(connector.getLocalPort());
    } catch (Exception e) {
      IllegalStateException failure =
          new IllegalStateException("Node did not start: " + e.getMessage(), e);
      try {
        close();
      } catch (RuntimeException closing) {
        failure.addSuppressed(closing);
      }
      throw failure;
    }
  }

  /** A node that is not started yet. */
  public static final class Builder {

    private final List<Deployment> deployments = new ArrayList<>();
    private final Map<String, String> contextParams = new LinkedHashMap<>();
    private final UserStore users = new UserStore();
    private final List<Consumer<WebAppContext>> adjustments = new ArrayList<>();
    private Path war;
    private String contextPath = "/";
    private String workerName;
    private int port;

    private Builder() {}

    /** Sets the first web application's WAR file. */
    public Builder war(Path war) {
      this.war = war;
      return this;
    }

    /** Sets the first web application's context path; {@code /} unless set. */
    public Builder contextPath(String contextPath) {
      this.contextPath = contextPath;
      return this;
    }

    /** Adds another web application. */
    public Builder alsoWar(Path war, String contextPath) {
      deployments.add(new Deployment(war, contextPath, new LinkedHashMap<>()));
      return this;
    }

    /** Sets a context parameter of every web application of the node. */
    public Builder contextParam(String name, String value) {
      contextParams.put(name, value);
      if (name.equals("carryover.redis.url")) {
        // Busy machines are not what these tests are about.
        contextParams.putIfAbsent("carryover.redis.timeout", "20s");
      }
      return this;
    }

    /** Sets a context parameter of the web application that was added last, and of no other. */
    public Builder initParam(String name, String value) {
      if (deployments.isEmpty()) {
        adjustments.add(context -> onFirst(context, name, value));
      } else {
        deployments.get(deployments.size() - 1).params().put(name, value);
      }
      return this;
    }

    /** Sets the port; a free one unless set. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets the name that the container has as a node of a cluster: its jvmRoute. */
    public Builder workerName(String workerName) {
      this.workerName = workerName;
      return this;
    }

    /** Adds a user that the container can authenticate, by whatever method web.xml asks for. */
    public Builder user(String name, String password, String... roles) {
      users.addUser(name, Credential.getCredential(password), roles);
      return this;
    }

    /** Adjusts every web application before it starts, in ways this builder has no word for. */
    public Builder adjust(Consumer<WebAppContext> adjustment) {
      adjustments.add(adjustment);
      return this;
    }

    /**
     * Starts the node.
     *
     * @throws IllegalStateException if the port is taken or a web application does not start; the
     *     cause is what the application threw
     */
    public JettyNode start() {
      if (war == null) {
        throw new IllegalStateException("A node needs a war(...)");
      }
      Path directory = TemporaryDirectory.create("jetty-node");
      Server server = new Server(new InetSocketAddress("127.0.0.1", port));
      if (workerName != null) {
        DefaultSessionIdManager ids = new DefaultSessionIdManager(server);
        ids.setWorkerName(workerName);
        server.addBean(ids, true);
      }
      List<Deployment> all = new ArrayList<>(deployments);
      all.add(0, new Deployment(war, contextPath, Map.of()));
      List<WebAppContext> contexts = new ArrayList<>();
      for (Deployment deployment : all) {
        contexts.add(context(deployment, directory.resolve("webapp" + contexts.size())));
      }
      server.setHandler(new ContextHandlerCollection(contexts.toArray(WebAppContext[]::new)));
      ServerConnector connector = (ServerConnector) server.getConnectors()[0];
      JettyNode node = new JettyNode(server, connector, List.copyOf(contexts), directory);
      node.start();
      return node;
    }

    private WebAppContext context(Deployment deployment, Path directory) {
      WebAppContext context = new WebAppContext();
      context.setContextPath(deployment.contextPath());
      context.setWar(deployment.war().toUri().toString());
      context.setTempDirectory(mkdir(directory).toFile());
      context.setClassLoader(new WebAppClassLoader(new ContainerClassLoader(), context));
      context.setConfigurations(configurations());
      context.setThrowUnavailableOnStartupException(true);
      context.setDefaultsDescriptor(resource("jetty-defaults.xml").toString());
      context.setAttribute(InstanceManager.class.getName(), new SimpleInstanceManager());
      context.addServletContainerInitializer(new JasperInitializer());
      context.addServletContainerInitializer(new JakartaWebSocketServletContainerInitializer());
      HashLoginService logins = new HashLoginService();
      logins.setUserStore(users);
      context.getSecurityHandler().setLoginService(logins);
      contextParams.forEach(context::setInitParameter);
      deployment.params().forEach(context::setInitParameter);
      adjustments.forEach(adjustment -> adjustment.accept(context));
      return context;
    }

    /**
     * All that make a web application, but those that need JNDI, which is not on the class path.
     */
    private static Configuration[] configurations() {
      return new Configuration[] {
        new WebAppConfiguration(),
        new WebInfConfiguration(),
        new MetaInfConfiguration(),
        new WebXmlConfiguration(),
        new FragmentConfiguration(),
        new AnnotationConfiguration(),
        new JakartaWebSocketConfiguration()
      };
    }

    private void onFirst(WebAppContext context, String name, String value) {
      if (context.getContextPath().equals(contextPath)) {
        context.setInitParameter(name, value);
      }
    }

    private static URL resource(String name) {
      return JettyNode.class.getResource(name);
    }

    private static Path mkdir(Path directory) {
      try {
        return Files.createDirectory(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A WAR file, where it goes, and the context parameters it alone gets. */
  private record Deployment(Path war, String contextPath, Map<String, String> params) {}
}
