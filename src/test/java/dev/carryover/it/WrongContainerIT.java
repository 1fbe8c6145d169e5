package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.testing.EachContainer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever has copied the jar that is for the other Servlet API is told so. */
class WrongContainerIT {

  private static final String ABSOLUTE_ORDERING = "<absolute-ordering/>";

  @TempDir Path directory;

  @EachContainer
  void saysWhichJarToUse(WebContainer.Kind kind) {
    Path war = war(kind).build(directory.resolve("wrong.war"));
    assertThatThrownBy(() -> kind.start(war, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(sentence(kind));
  }

  @ParameterizedTest
  @EnumSource(names = {"TOMCAT_9", "TOMCAT_10", "JETTY_EE8", "JETTY_EE10"})
  void saysItAlsoWhereTheFilterIsDeclared(WebContainer.Kind kind) {
    Path war =
        war(kind).webXml(WebXml.with(WebXml.filter())).build(directory.resolve("declared.war"));
    assertThatThrownBy(() -> kind.start(war, Map.of())).hasMessageContaining(sentence(kind));
  }

  /** No code of ours is run there: the container names the class that it misses. */
  @ParameterizedTest
  @EnumSource(names = {"TOMCAT_9", "TOMCAT_10", "JETTY_EE8", "JETTY_EE10"})
  void doesNotStartEitherWhereInitializersAreLeftOut(WebContainer.Kind kind) {
    Path war =
        war(kind)
            .webXml(WebXml.with(ABSOLUTE_ORDERING, WebXml.filter()))
            .build(directory.resolve("ordered.war"));
    assertThatThrownBy(() -> kind.start(war, Map.of()))
        .hasStackTraceContaining(
            kind.isJavax() ? "jakarta/servlet/Filter" : "javax/servlet/Filter");
  }

  private static WarBuilder war(WebContainer.Kind kind) {
    String other = kind.isJavax() ? "carryover-test.all-jar" : "carryover-test.javax-all-jar";
    return WarBuilder.war()
        .classes(OperationsServlet.class)
        .file("WEB-INF/lib/wrong.jar", Path.of(System.getProperty(other)));
  }

  private static String sentence(WebContainer.Kind kind) {
    return kind.isJavax()
        ? "This container has the Servlet API of javax.servlet, and this jar of Carryover is for"
            + " jakarta.servlet: put carryover-<version>-javax-all.jar into WEB-INF/lib instead"
        : "This container has the Servlet API of jakarta.servlet, and this jar of Carryover is for"
            + " javax.servlet: put carryover-<version>-all.jar into WEB-INF/lib instead";
  }
}
