package dev.carryover.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

class JettyNodeIT {

  @TempDir Path directory;

  @Test
  void servesAnnotatedServletsThatWereInitialisedByAnnotatedListeners() {
    try (JettyNode node = JettyNode.node().war(war()).contextPath("/shop").start()) {
      assertThat(get(node, "/where")).contains("listener=called");
    }
  }

  @Test
  void rendersJspsThatUseClassesOfTheWarAndExpressionLanguage() {
    try (JettyNode node = JettyNode.node().war(war()).contextPath("/shop").start()) {
      assertThat(get(node, "/page.jsp")).contains("6 called a greeting");
      assertThat(get(node, "/")).contains("6 called a greeting");
    }
  }

  @Test
  void loadsTheApplicationsClassesFromTheWarAndNoneOfTheTestClassPath() {
    try (JettyNode node = JettyNode.node().war(war()).contextPath("/shop").start()) {
      assertThat(get(node, "/where"))
          .contains("own=" + node.context().getTempDirectory().toURI())
          .contains("library=" + node.context().getTempDirectory().toURI())
          .contains("junit=absent");
    }
  }

  @Test
  void usesThePackagedCarryoverWhenTheWarHasIt() {
    Path war = warOf().carryover().build(directory.resolve("carried.war"));

    try (JettyNode node =
        JettyNode.node().war(war).contextParam("carryover.enabled", "false").start()) {
      assertThat(get(node, "/where"))
          .contains("carryover=" + node.context().getTempDirectory().toURI());
    }
    try (JettyNode node = JettyNode.node().war(war()).start()) {
      assertThat(get(node, "/where")).contains("carryover=absent");
    }
  }

  @Test
  void authenticatesTheUsersItIsTold() {
    Path war =
        warOf()
            .webXml(
                """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <security-constraint>
                    <web-resource-collection>
                      <web-resource-name>all</web-resource-name>
                      <url-pattern>/*</url-pattern>
                    </web-resource-collection>
                    <auth-constraint><role-name>customer</role-name></auth-constraint>
                  </security-constraint>
                  <login-config><auth-method>BASIC</auth-method></login-config>
                  <security-role><role-name>customer</role-name></security-role>
                </web-app>
                """)
            .build(directory.resolve("closed.war"));

    try (JettyNode node = JettyNode.node().war(war).user("ann", "secret", "customer").start()) {
      assertThat(statusAs(node, "ann:secret")).isEqualTo(200);
      assertThat(statusAs(node, "ann:wrong")).isEqualTo(401);
    }
  }

  @Test
  void findsTheInitializersOfJarsInTheWar() {
    Path jar =
        WarBuilder.war()
            .file(
                "META-INF/services/jakarta.servlet.ServletContainerInitializer",
                Initializer.class.getName())
            .build(directory.resolve("initializer.jar"));
    Path war = warOf().classes(Initializer.class).lib(jar).build(directory.resolve("i.war"));

    try (JettyNode node = JettyNode.node().war(war).start()) {
      assertThat(get(node, "/where")).contains("initializer=called");
    }
  }

  @Test
  void deploysSeveralApplicationsWithParametersOfTheirOwn() {
    try (JettyNode node =
        JettyNode.node()
            .war(war())
            .contextPath("/a")
            .initParam("only", "a")
            .alsoWar(war(), "/b")
            .contextParam("both", "yes")
            .start()) {
      assertThat(node.context("/a").getInitParams()).containsEntry("only", "a");
      assertThat(node.context("/b").getInitParams()).doesNotContainKey("only");
      assertThat(get(node, "/where")).contains("both=yes");
      assertThat(node.uri(node.context("/b"), "/x").getPath()).isEqualTo("/b/x");
    }
  }

  @Test
  void failsToStartWhenTheApplicationDoes() {
    Path war = WarBuilder.war().classes(Failing.class).build(directory.resolve("failing.war"));

    assertThatThrownBy(() -> JettyNode.node().war(war).start())
        .isInstanceOf(IllegalStateException.class)
        .hasStackTraceContaining("this application cannot start");
  }

  private Path war() {
    return warOf().build(directory.resolve("shop.war"));
  }

  private WarBuilder warOf() {
    return WarBuilder.war()
        .classes(Where.class)
        .classesOfPackage("dev.carryover.testing.greeting")
        .lib(library())
        .file(
            "page.jsp",
            """
            <%@ page contentType="text/plain;charset=UTF-8" %>\
            ${1 + 2 + 3} <%= application.getAttribute("listener") %> \
            <%= new dev.carryover.testing.greeting.Greeter().getGreeting() %>
            """)
        .file("index.jsp", "<jsp:forward page='page.jsp'/>")
        .webXml(
            """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0"/>
            """);
  }

  private static String get(JettyNode node, String path) {
    Browser.Response response = Browser.browser().get(node.uri(path));
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private static int statusAs(JettyNode node, String credentials) {
    String encoded = Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    return Browser.browser().get(node.uri("/where"), "Authorization", "Basic " + encoded).status();
  }

  /** A library that is on the test class path too. */
  private static Path library() {
    try {
      return Path.of(
          AssertionFailedError.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Tells where classes come from and who was called. */
  @WebServlet("/where")
  public static final class Where extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      PrintWriter out = response.getWriter();
      out.println("own=" + placeOf(Where.class));
      out.println("library=" + placeOf(AssertionFailedError.class));
      out.println("junit=" + placeOf("org.junit.jupiter.api.Test"));
      out.println("carryover=" + placeOf("dev.carryover.shaded.redisson.Redisson"));
      out.println("listener=" + getServletContext().getAttribute("listener"));
      out.println("initializer=" + getServletContext().getAttribute("initializer"));
      out.println("both=" + getServletContext().getInitParameter("both"));
    }

    private static String placeOf(Class<?> type) {
      return type.getProtectionDomain().getCodeSource().getLocation().toString();
    }

    private static String placeOf(String className) {
      try {
        return placeOf(Class.forName(className));
      } catch (ClassNotFoundException e) {
        return "absent";
      }
    }

    /** Leaves its mark. */
    @WebListener
    public static final class Listener implements ServletContextListener {
      @Override
      public void contextInitialized(ServletContextEvent event) {
        event.getServletContext().setAttribute("listener", "called");
      }
    }
  }

  /** Leaves its mark. */
  public static final class Initializer implements ServletContainerInitializer {
    @Override
    public void onStartup(Set<Class<?>> classes, ServletContext context) {
      context.setAttribute("initializer", "called");
    }
  }

  /** Does not start. */
  @WebListener
  public static final class Failing implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      throw new IllegalStateException("this application cannot start");
    }
  }
}
