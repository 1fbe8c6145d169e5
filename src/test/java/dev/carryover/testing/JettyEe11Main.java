package dev.carryover.testing;

import java.io.Reader;
import java.lang.reflect.Array;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.ee.webapp.WebAppClassLoader;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.LoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.session.DefaultSessionIdManager;
import org.eclipse.jetty.util.security.Credential;

/**
 * The program of a {@link JettyEe11Process}. The classes of ee11 are not on the class path that
 * this is compiled with, whose Servlet API is older: it names them only.
 */
public final class JettyEe11Main {

  static final String LISTENING = "jetty-ee11 listens at port ";

  private static final String ALSO = "also.";
  private static final String EE11 = "org.eclipse.jetty.ee11.";
  private static final List<String> CONFIGURATIONS =
      List.of(
          "webapp.WebAppConfiguration",
          "webapp.WebInfConfiguration",
          "webapp.MetaInfConfiguration",
          "webapp.WebXmlConfiguration",
          "webapp.FragmentConfiguration",
          "annotations.AnnotationConfiguration",
          "websocket.jakarta.server.config.JakartaWebSocketConfiguration");

  private JettyEe11Main() {}

  /**
   * Starts it.
   *
   * @param arguments the file with its settings
   */
  public static void main(String[] arguments) throws Exception {
    Logger.getLogger("org.eclipse.jetty").setLevel(Level.WARNING);
    Properties settings = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(arguments[0]))) {
      settings.load(in);
    }
    Server server =
        new Server(
            new InetSocketAddress("127.0.0.1", Integer.parseInt(settings.getProperty("port"))));
    if (settings.containsKey("route")) {
      DefaultSessionIdManager ids = new DefaultSessionIdManager(server);
      ids.setWorkerName(settings.getProperty("route"));
      server.addBean(ids, true);
    }
    server.setHandler(contexts(settings, Path.of(arguments[0])));
    server.setStopAtShutdown(true);
    try {
      server.start();
    } catch (Exception e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
    System.out.println(LISTENING + ((NetworkConnector) server.getConnectors()[0]).getLocalPort());
  }

  private static Handler contexts(Properties settings, Path file) throws Exception {
    ContextHandlerCollection contexts = new ContextHandlerCollection();
    contexts.addHandler(
        context(
            settings,
            settings.getProperty("contextPath"),
            settings.getProperty("war"),
            file.resolveSibling("webapp")));
    for (String key : settings.stringPropertyNames()) {
      if (key.startsWith(ALSO)) {
        String path = key.substring(ALSO.length());
        contexts.addHandler(
            context(
                settings,
                path,
                settings.getProperty(key),
                file.resolveSibling("webapp" + path.replace('/', '-'))));
      }
    }
    return contexts;
  }

  private static Handler context(Properties settings, String path, String war, Path directory)
      throws Exception {
    Handler context = (Handler) make("webapp.WebAppContext");
    call(context, "setContextPath", path);
    call(context, "setCrossContextDispatchSupported", true);
    call(context, "setWar", Path.of(war).toUri().toString());
    call(context, "setTempDirectory", Files.createDirectories(directory).toFile());
    call(
        context,
        "setClassLoader",
        new WebAppClassLoader(new ContainerClassLoader(), (WebAppClassLoader.Context) context));
    call(context, "setConfigurations", configurations());
    call(context, "setThrowUnavailableOnStartupException", true);
    Object webSocket =
        make("websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer");
    call(context, "addServletContainerInitializer", webSocket);
    call(
        context,
        "setDefaultsDescriptor",
        JettyEe11Main.class.getResource("jetty-ee11-defaults.xml").toString());
    UserStore users = new UserStore();
    for (String key : settings.stringPropertyNames()) {
      if (key.startsWith("param.")) {
        context
            .getClass()
            .getMethod("setInitParameter", String.class, String.class)
            .invoke(context, key.substring("param.".length()), settings.getProperty(key));
      } else if (key.startsWith("user.")) {
        String[] words = settings.getProperty(key).split(",");
        users.addUser(
            key.substring("user.".length()),
            Credential.getCredential(words[0]),
            Arrays.copyOfRange(words, 1, words.length));
      }
    }
    HashLoginService logins = new HashLoginService();
    logins.setUserStore(users);
    Object security = context.getClass().getMethod("getSecurityHandler").invoke(context);
    security.getClass().getMethod("setLoginService", LoginService.class).invoke(security, logins);
    return context;
  }

  private static Object configurations() throws Exception {
    Class<?> type = Class.forName(EE11 + "webapp.Configuration");
    Object array = Array.newInstance(type, CONFIGURATIONS.size());
    for (int i = 0; i < CONFIGURATIONS.size(); i++) {
      Array.set(array, i, make(CONFIGURATIONS.get(i)));
    }
    return array;
  }

  private static Object make(String className) throws Exception {
    return Class.forName(EE11 + className).getConstructor().newInstance();
  }

  private static void call(Object owner, String setter, Object value) throws Exception {
    var method =
        Arrays.stream(owner.getClass().getMethods())
            .filter(candidate -> candidate.getName().equals(setter))
            .filter(candidate -> candidate.getParameterCount() == 1)
            .filter(candidate -> accepts(candidate.getParameterTypes()[0], value))
            .findFirst()
            .orElseThrow(() -> new NoSuchMethodException(setter));
    method.invoke(owner, value);
  }

  private static boolean accepts(Class<?> type, Object value) {
    return type.isInstance(value) || (type == boolean.class && value instanceof Boolean);
  }
}
