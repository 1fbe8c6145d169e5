package dev.carryover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.carryover.config.SessionConfig;
import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.Stub;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which requests a browser sends the cookie with. */
class ContextTrackingTest {

  private final SessionConfig.Builder config = SessionConfig.builder();
  private String contextPath = "/shop";
  private String name;
  private String path;
  private String webXml = "<web-app/>";
  private boolean presumesWholeHost;

  @Test
  void theContextPathsUnlessSomebodyHasSaidMore() {
    assertThat(cookie()).contains("Path=/shop;");
    path = "/";
    assertThat(cookie()).contains("Path=/;");
  }

  @Test
  void whatTheContainerPresumesWasSaidByNobody() {
    presumesWholeHost = true;
    path = "/";
    assertThat(cookie()).contains("Path=/shop;");
    webXml =
        "<web-app><session-config><cookie-config><path>/</path></cookie-config>"
            + "</session-config></web-app>";
    assertThat(cookie()).contains("Path=/;");
    path = "/by/code";
    assertThat(cookie()).contains("Path=/by/code;");
  }

  @Test
  void whoseCookieReachesOthersOfTheSameNameIsWarned() {
    path = "/";
    assertThat(warnings())
        .singleElement(STRING)
        .contains("JSESSIONID", "sent to all of /", "cookie.name");
    contextPath = "/shops/toys";
    path = "/shops";
    assertThat(warnings()).singleElement(STRING).contains("sent to all of /shops");
  }

  @Test
  void whoseCookieReachesNobodyElseIsNotWarned() {
    assertThat(warnings()).isEmpty();
    path = "/shop";
    assertThat(warnings()).isEmpty();
    path = "/sho";
    assertThat(warnings()).isEmpty();
    path = "/";
    contextPath = "";
    assertThat(warnings()).isEmpty();
  }

  @Test
  void whoseCookieHasItsOwnNameOrWhoSharesSessionsIsNotWarned() {
    path = "/";
    name = "SHOP";
    assertThat(warnings()).isEmpty();
    name = null;
    config.namespace("shops");
    assertThat(warnings()).isEmpty();
  }

  private List<String> warnings() {
    try (LoggedLines log = LoggedLines.of(ContextTracking.class)) {
      cookie();
      return log.lines();
    }
  }

  private String cookie() {
    return ContextTracking.read(context(), config.build(), container()).toString();
  }

  private ContainerAdapter container() {
    return Stub.of(
        ContainerAdapter.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "presumesCookieOfWholeHost" -> presumesWholeHost;
              case "keepsLogins", "complainsOfForeignIds" -> false;
              default -> null;
            });
  }

  private ServletContext context() {
    SessionCookieConfig declared =
        Stub.of(
            SessionCookieConfig.class,
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getName" -> name;
                  case "getPath" -> path;
                  case "getAttributes" -> Map.of();
                  case "getMaxAge" -> -1;
                  case "isHttpOnly", "isSecure" -> false;
                  default -> null;
                });
    return Stub.of(
        ServletContext.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getContextPath" -> contextPath;
              case "getSessionCookieConfig" -> declared;
              case "getEffectiveSessionTrackingModes" -> Set.of(SessionTrackingMode.COOKIE);
              case "getResourceAsStream" ->
                  new ByteArrayInputStream(webXml.getBytes(StandardCharsets.UTF_8));
              default -> null;
            });
  }
}
