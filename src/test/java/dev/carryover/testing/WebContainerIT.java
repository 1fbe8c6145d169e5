package dev.carryover.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.testing.app.OperationsServlet;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebContainerIT {

  @TempDir Path directory;

  private final Browser browser = Browser.browser();

  @EachContainer
  void servesTheWarWithItsParametersUsersAndContextPath(WebContainer.Kind kind) {
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class, ParameterServlet.class)
            .webXml(
                """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <login-config>
                    <auth-method>BASIC</auth-method>
                  </login-config>
                </web-app>
                """)
            .build(directory.resolve("operations.war"));
    try (WebContainer container =
        kind.node(war)
            .contextPath("/shop")
            .contextParam("greeting", "<\"hello\">")
            .user("joe", "secret", "customer")
            .start()) {
      assertThat(browser.get(container.uri("/parameter")).body())
          .isEqualTo("/shop <\"hello\"> junit=absent");
      assertThat(browser.get(container.uri("/do?do=create&do=login:joe:secret")).status())
          .isEqualTo(200);
      assertThat(browser.get(container.uri("/do?do=login:joe:wrong")).status()).isEqualTo(500);
    }
  }

  @EachContainer
  void saysWhyTheApplicationDoesNotStart(WebContainer.Kind kind) {
    Path war =
        WarBuilder.war().classes(BrokenListener.class).build(directory.resolve("broken.war"));

    assertThatThrownBy(() -> kind.start(war, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("broken on purpose");
  }

  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"TOMCAT_11", "JETTY_EE11"})
  void endsAsByKillMinusNineAndStartsAgainAtTheSamePort(WebContainer.Kind kind) {
    Path war =
        WarBuilder.war().classes(OperationsServlet.class).build(directory.resolve("killed.war"));
    int port;
    try (WebContainer container = kind.start(war, Map.of())) {
      port = container.port();
      container.kill();
      assertThatThrownBy(() -> browser.get(container.uri("/do?do=id")))
          .isInstanceOf(UncheckedIOException.class);
    }
    try (WebContainer again = kind.node(war).port(port).start()) {
      assertThat(again.port()).isEqualTo(port);
      assertThat(browser.get(again.uri("/do?do=id")).body()).isEqualTo("none");
    }
  }

  /** Answers the context path, a context parameter, and whether it sees the test class path. */
  @WebServlet("/parameter")
  public static class ParameterServlet extends HttpServlet {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      boolean junit = true;
      try {
        Class.forName("org.junit.jupiter.api.Test");
      } catch (ClassNotFoundException e) {
        junit = false;
      }
      response
          .getWriter()
          .write(
              request.getContextPath()
                  + " "
                  + getServletContext().getInitParameter("greeting")
                  + (junit ? " junit=present" : " junit=absent"));
    }
  }

  /** Does not let its application start. */
  @WebListener
  public static class BrokenListener implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      throw new IllegalStateException("broken on purpose");
    }
  }
}
