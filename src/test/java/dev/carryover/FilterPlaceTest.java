package dev.carryover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.testing.LoggedLines;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** In containers that no adapter knows; in others: {@code TogetherIT}. */
class FilterPlaceTest {

  private static final String WEB_XML =
      "<web-app><filter-mapping><filter-name>declared</filter-name>"
          + "<url-pattern>/*</url-pattern></filter-mapping></web-app>";

  @Test
  void namesTheFiltersThatMayComeBeforeOurs() {
    assertThat(logged("carryover", "security", "declared"))
        .singleElement(STRING)
        .contains("those of [security] that code has put before it see the container's session");
  }

  @Test
  void saysNothingWhereThereIsNone() {
    assertThat(logged("carryover", "declared")).isEmpty();
  }

  private static List<String> logged(String... filters) {
    Map<String, FilterRegistration> registered = new HashMap<>();
    for (String filter : filters) {
      registered.put(filter, null);
    }
    ServletContext context = unknown(registered);
    try (LoggedLines log = LoggedLines.of(FilterPlace.class)) {
      new FilterPlace(context, ContainerAdapter.of(context, List.of()), "carryover")
          .take(context, "shop");
      return log.lines();
    }
  }

  private static ServletContext unknown(Map<String, FilterRegistration> registered) {
    return (ServletContext)
        Proxy.newProxyInstance(
            FilterPlaceTest.class.getClassLoader(),
            new Class<?>[] {ServletContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getFilterRegistrations" -> registered;
                  case "getResourceAsStream" ->
                      new ByteArrayInputStream(WEB_XML.getBytes(StandardCharsets.UTF_8));
                  default -> null;
                });
  }
}
