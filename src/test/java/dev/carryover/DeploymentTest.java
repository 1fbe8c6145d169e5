package dev.carryover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.config.SessionConfig;
import dev.carryover.config.StoreType;
import dev.carryover.testing.Stub;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class DeploymentTest {

  /** Nobody would stop what a web application has that was never started. */
  @Test
  void aStartThatFailsLeavesNothingBehind() throws Exception {
    SessionConfig config = SessionConfig.builder().store(StoreType.MEMORY).build();

    Set<Thread> before = Thread.getAllStackTraces().keySet();

    assertThatThrownBy(() -> new Deployment(failingAtLast(), "carryover", config, List.of()))
        .hasMessage("no version");

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.isAlive() && !before.contains(thread))
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("carryover"));
    assertThat(
            ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("dev.carryover:*"), null))
        .isEmpty();
  }

  /** A container that fails when all is there but for the last word in the log. */
  private static ServletContext failingAtLast() {
    SessionCookieConfig cookie =
        Stub.of(
            SessionCookieConfig.class,
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getAttributes" -> Map.of();
                  case "getMaxAge" -> -1;
                  case "isHttpOnly", "isSecure" -> false;
                  default -> null;
                });
    return Stub.of(
        ServletContext.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getContextPath" -> "/failing";
              case "getSessionCookieConfig" -> cookie;
              case "getEffectiveSessionTrackingModes" -> Set.of(SessionTrackingMode.COOKIE);
              case "getClassLoader" -> DeploymentTest.class.getClassLoader();
              case "getAttributeNames" -> Collections.emptyEnumeration();
              case "getServletRegistrations", "getFilterRegistrations" -> Map.of();
              case "getSessionTimeout" -> 30;
              case "getMajorVersion" -> throw new IllegalStateException("no version");
              default -> null;
            });
  }
}
