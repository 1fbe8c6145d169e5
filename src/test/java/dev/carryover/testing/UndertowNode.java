package dev.carryover.testing;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.security.idm.Account;
import io.undertow.security.idm.Credential;
import io.undertow.security.idm.IdentityManager;
import io.undertow.security.idm.PasswordCredential;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ErrorPage;
import io.undertow.servlet.api.FilterInfo;
import io.undertow.servlet.api.ServletContainer;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.api.ServletInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.HandlesTypes;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.EventListener;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xnio.Options;

/**
 * An Undertow in this process, and a web application deployed by hand from its WAR. Undertow itself
 * has no deployer: this one knows {@code ServletContainerInitializer}s, {@code @WebServlet},
 * {@code @WebFilter} and {@code @WebListener} in {@code WEB-INF/classes}, and of web.xml context
 * parameters, error pages, listeners, servlets and filters with URL patterns, in that order, and
 * nothing else. In a web.xml with {@code absolute-ordering} no initializer of a library runs.
 */
final class UndertowNode implements WebContainer {

  private static final long STOP_SECONDS = 10;

  private final String name;
  private final String contextPath;
  private final List<WebApp> webApps;
  private final Undertow server;
  private boolean closed;

  private UndertowNode(String name, String contextPath, List<WebApp> webApps, Undertow server) {
    this.name = name;
    this.contextPath = contextPath;
    this.webApps = webApps;
    this.server = server;
  }

  static UndertowNode start(String name, WebContainer.Builder from) {
    ServletContainer container = Servlets.newContainer();
    PathHandler paths = new PathHandler();
    List<WebApp> webApps = new ArrayList<>();
    try {
      webApps.add(WebApp.deploy(container, paths, from, from.war, from.contextPath));
      from.otherWars.forEach(
          (path, war) -> webApps.add(WebApp.deploy(container, paths, from, war, path)));
    } catch (RuntimeException e) {
      webApps.forEach(WebApp::close);
      throw e;
    }
    Undertow server =
        Undertow.builder()
            .addHttpListener(from.port, "127.0.0.1")
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setSocketOption(Options.TCP_NODELAY, true)
            .setIoThreads(1)
            .setWorkerThreads(8)
            .setHandler(paths)
            .build();
    server.start();
    return new UndertowNode(name, from.contextPath, webApps, server);
  }

  /** One of its web applications. */
  private record WebApp(Path directory, WebAppLoader loader, DeploymentManager deployment) {

    static WebApp deploy(
        ServletContainer container,
        PathHandler paths,
        WebContainer.Builder from,
        Path war,
        String contextPath) {
      Path directory = TemporaryDirectory.create("undertow");
      unzip(war, directory);
      WebAppLoader loader = new WebAppLoader(classPath(directory));
      String path = contextPath.isEmpty() ? "/" : contextPath;
      DeploymentManager deployment =
          container.addDeployment(info(from, directory, loader).setContextPath(path));
      try {
        deployment.deploy();
        paths.addPrefixPath(path, deployment.start());
        return new WebApp(directory, loader, deployment);
      } catch (ServletException | RuntimeException e) {
        loader.end();
        TemporaryDirectory.delete(directory);
        throw new IllegalStateException("The web application did not start: " + e.getMessage(), e);
      }
    }

    void stop() {
      try {
        deployment.stop();
        deployment.undeploy();
      } catch (ServletException e) {
        throw new IllegalStateException("The web application did not stop", e);
      }
    }

    void close() {
      loader.end();
      TemporaryDirectory.delete(directory);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int port() {
    return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
  }

  @Override
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + contextPath + path);
  }

  @Override
  public String log() {
    return "";
  }

  @Override
  public void kill() {
    throw new UnsupportedOperationException(name + " runs in this process");
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      webApps.forEach(WebApp::stop);
    } finally {
      var worker = server.getWorker();
      server.stop();
      awaitEnd(worker);
      webApps.forEach(WebApp::close);
    }
  }

  private static void awaitEnd(org.xnio.XnioWorker worker) {
    try {
      worker.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static DeploymentInfo info(
      WebContainer.Builder from, Path directory, WebAppLoader loader) {
    DeploymentInfo info =
        Servlets.deployment()
            .setDeploymentName(directory.getFileName().toString())
            .setClassLoader(loader)
            .setResourceManager(new PathResourceManager(directory))
            .setIdentityManager(new Users(from.users))
            .addWelcomePages("index.html");
    from.contextParams.forEach(info::addInitParameter);
    try {
      Path webXml = directory.resolve("WEB-INF/web.xml");
      if (Files.exists(webXml)) {
        readWebXml(info, loader, webXml);
      }
      List<Class<?>> classes = loader.ownClasses(directory.resolve("WEB-INF/classes"));
      classes.forEach(type -> readAnnotations(info, type));
      boolean ordered = Files.exists(webXml) && Files.readString(webXml).contains("<absolute-");
      addInitializers(info, loader, classes, ordered);
      return info;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void readWebXml(DeploymentInfo info, ClassLoader loader, Path webXml)
      throws ClassNotFoundException {
    Document document = parse(webXml);
    for (Element param : elements(document, "context-param")) {
      info.addInitParameter(text(param, "param-name"), text(param, "param-value"));
    }
    for (Element page : elements(document, "error-page")) {
      info.addErrorPage(errorPage(page, loader));
    }
    for (Element listener : elements(document, "listener")) {
      addListener(info, loader.loadClass(text(listener, "listener-class")));
    }
    for (Element servlet : elements(document, "servlet")) {
      Class<?> type = loader.loadClass(text(servlet, "servlet-class"));
      info.addServlet(
          new ServletInfo(text(servlet, "servlet-name"), type.asSubclass(Servlet.class)));
    }
    for (Element mapping : elements(document, "servlet-mapping")) {
      info.getServlets()
          .get(text(mapping, "servlet-name"))
          .addMapping(text(mapping, "url-pattern"));
    }
    for (Element filter : elements(document, "filter")) {
      Class<?> type = loader.loadClass(text(filter, "filter-class"));
      info.addFilter(
          new FilterInfo(text(filter, "filter-name"), type.asSubclass(Filter.class))
              .setAsyncSupported(has(filter, "async-supported")));
    }
    for (Element mapping : elements(document, "filter-mapping")) {
      NodeList dispatchers = mapping.getElementsByTagName("dispatcher");
      for (int i = 0; i < Math.max(1, dispatchers.getLength()); i++) {
        Node dispatcher = dispatchers.item(i);
        info.addFilterUrlMapping(
            text(mapping, "filter-name"),
            text(mapping, "url-pattern"),
            dispatcher == null
                ? DispatcherType.REQUEST
                : DispatcherType.valueOf(dispatcher.getTextContent().strip()));
      }
    }
  }

  private static ErrorPage errorPage(Element page, ClassLoader loader)
      throws ClassNotFoundException {
    String location = text(page, "location");
    if (has(page, "error-code")) {
      return new ErrorPage(location, Integer.parseInt(text(page, "error-code")));
    }
    return has(page, "exception-type")
        ? new ErrorPage(
            location, loader.loadClass(text(page, "exception-type")).asSubclass(Throwable.class))
        : new ErrorPage(location);
  }

  private static boolean has(Element parent, String name) {
    return parent.getElementsByTagName(name).getLength() > 0;
  }

  private static void readAnnotations(DeploymentInfo info, Class<?> type) {
    if (type.isAnnotationPresent(WebListener.class)) {
      addListener(info, type);
    }
    WebServlet servlet = type.getAnnotation(WebServlet.class);
    if (servlet != null) {
      String servletName = servlet.name().isEmpty() ? type.getName() : servlet.name();
      info.addServlet(
          new ServletInfo(servletName, type.asSubclass(Servlet.class))
              .addMappings(servlet.value())
              .addMappings(servlet.urlPatterns())
              .setAsyncSupported(servlet.asyncSupported())
              .setMultipartConfig(multipart(type))
              .setLoadOnStartup(servlet.loadOnStartup() < 0 ? null : servlet.loadOnStartup()));
    }
    WebFilter filter = type.getAnnotation(WebFilter.class);
    if (filter != null) {
      String filterName = filter.filterName().isEmpty() ? type.getName() : filter.filterName();
      info.addFilter(
          new FilterInfo(filterName, type.asSubclass(Filter.class))
              .setAsyncSupported(filter.asyncSupported()));
      Stream.concat(Arrays.stream(filter.value()), Arrays.stream(filter.urlPatterns()))
          .forEach(
              pattern ->
                  Arrays.stream(filter.dispatcherTypes())
                      .forEach(by -> info.addFilterUrlMapping(filterName, pattern, by)));
    }
  }

  private static MultipartConfigElement multipart(Class<?> type) {
    MultipartConfig config = type.getAnnotation(MultipartConfig.class);
    return config == null ? null : new MultipartConfigElement(config);
  }

  private static void addListener(DeploymentInfo info, Class<?> type) {
    info.addListener(Servlets.listener(type.asSubclass(EventListener.class)));
  }

  private static void addInitializers(
      DeploymentInfo info, ClassLoader loader, List<Class<?>> classes, boolean ownOnly) {
    for (var initializer : ServiceLoader.load(ServletContainerInitializer.class, loader)) {
      if (ownOnly && !classes.contains(initializer.getClass())) {
        continue;
      }
      HandlesTypes handled = initializer.getClass().getAnnotation(HandlesTypes.class);
      Set<Class<?>> types = new LinkedHashSet<>();
      for (Class<?> wanted : handled == null ? new Class<?>[0] : handled.value()) {
        classes.stream()
            .filter(type -> type != wanted && wanted.isAssignableFrom(type))
            .forEach(types::add);
      }
      info.addServletContainerInitializer(
          new ServletContainerInitializerInfo(
              initializer.getClass(),
              new ImmediateInstanceFactory<>(initializer),
              types.isEmpty() ? null : types));
    }
  }

  private static Document parse(Path xml) {
    try (InputStream in = Files.newInputStream(xml)) {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalStateException("Can't read " + xml, e);
    }
  }

  private static List<Element> elements(Document document, String name) {
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static String text(Element parent, String name) {
    return parent.getElementsByTagName(name).item(0).getTextContent().strip();
  }

  private static void unzip(Path war, Path directory) {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(war))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
          throw new IOException("Outside of the WAR: " + entry.getName());
        }
        if (!entry.isDirectory()) {
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URL[] classPath(Path directory) {
    Path lib = directory.resolve("WEB-INF/lib");
    List<URL> urls = new ArrayList<>();
    try {
      urls.add(directory.resolve("WEB-INF/classes/").toUri().toURL());
      if (Files.isDirectory(lib)) {
        try (Stream<Path> jars = Files.list(lib)) {
          for (Path jar : jars.sorted().toList()) {
            urls.add(jar.toUri().toURL());
          }
        }
      }
      return urls.toArray(URL[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Looks in the web application first, but for the container's classes, and hides the test's. */
  private static final class WebAppLoader extends URLClassLoader {

    private static final List<String> APIS = List.of("jakarta.servlet.", "jakarta.el.");

    WebAppLoader(URL[] classPath) {
      super("undertow-webapp", classPath, new ContainerClassLoader("io.undertow."));
    }

    List<Class<?>> ownClasses(Path root) throws ClassNotFoundException {
      if (!Files.isDirectory(root)) {
        return List.of();
      }
      List<Class<?>> classes = new ArrayList<>();
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted().toList()) {
          String path = root.relativize(file).toString();
          if (path.endsWith(".class") && !path.contains("package-info")) {
            String named = path.substring(0, path.length() - ".class".length());
            try {
              classes.add(loadClass(named.replace(file.getFileSystem().getSeparator(), ".")));
            } catch (NoClassDefFoundError e) {
              // It is for containers that have an API which this one has not.
            }
          }
        }
        return classes;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(className)) {
        Class<?> type = findLoadedClass(className);
        if (type == null && APIS.stream().noneMatch(className::startsWith)) {
          try {
            type = findClass(className);
          } catch (ClassNotFoundException e) {
            // The container's, then.
          }
        }
        return type != null ? type : super.loadClass(className, resolve);
      }
    }

    @Override
    public URL getResource(String resource) {
      URL own = findResource(resource);
      return own != null ? own : super.getResource(resource);
    }

    @Override
    public Enumeration<URL> getResources(String resource) throws IOException {
      List<URL> all = new ArrayList<>(Collections.list(findResources(resource)));
      all.addAll(Collections.list(getParent().getResources(resource)));
      return Collections.enumeration(all);
    }

    void end() {
      try {
        close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The users that the container can authenticate. */
  private static final class Users implements IdentityManager {

    private final Map<String, WebContainer.User> users = new HashMap<>();

    Users(List<WebContainer.User> users) {
      users.forEach(user -> this.users.put(user.name(), user));
    }

    @Override
    public Account verify(Account account) {
      return account;
    }

    @Override
    public Account verify(String id, Credential credential) {
      WebContainer.User user = users.get(id);
      boolean known =
          user != null
              && credential instanceof PasswordCredential password
              && user.password().equals(new String(password.getPassword()));
      return known ? new Known(id, Set.copyOf(user.roles())) : null;
    }

    @Override
    public Account verify(Credential credential) {
      return null;
    }
  }

  /** A user who was authenticated. */
  private record Known(String name, Set<String> roles) implements Account {

    @Override
    public Principal getPrincipal() {
      return () -> name;
    }

    @Override
    public Set<String> getRoles() {
      return roles;
    }
  }
}
