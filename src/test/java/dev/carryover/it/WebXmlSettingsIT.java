package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What web.xml says of sessions counts, however old the container's API is. */
class WebXmlSettingsIT {

  private static final String OPEN_TO_SCRIPTS =
      "<cookie-config><http-only>false</http-only></cookie-config>";

  @TempDir Path directory;

  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#thatReadAllOfAWar")
  void timeoutAndHttpOnlyAreTaken(WebContainer.Kind kind) {
    assertSettings(kind, "declared.war", true);
    assertSettings(kind, "silent.war", false);
  }

  private void assertSettings(WebContainer.Kind kind, String file, boolean declared) {
    String settings =
        declared
            ? WebXml.sessionConfig("<session-timeout>7</session-timeout>", OPEN_TO_SCRIPTS)
            : "";
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .webXml(WebXml.with(settings))
            .carryover()
            .build(directory.resolve(file));
    try (WebContainer node = kind.start(war, Map.of("carryover.store", "memory"))) {
      Browser browser = Browser.browser();
      Browser.Response created = browser.get(node.uri("/do?do=create"));
      assertThat(created.setCookies())
          .singleElement()
          .matches(cookie -> cookie.contains("HttpOnly") != declared);
      assertThat(browser.get(node.uri("/do?do=getInterval")).body().strip())
          .isEqualTo(declared ? "420" : "1800");
    }
  }
}
