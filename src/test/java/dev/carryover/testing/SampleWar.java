package dev.carryover.testing;

import java.nio.file.Path;

/** The sample application, the package {@code legacyshop} and {@code src/test/webapp}, as a WAR. */
public final class SampleWar {

  /** Set by Surefire and Failsafe; elsewhere the current directory is the project's. */
  private static final String PROJECT = System.getProperty("basedir", "");

  private SampleWar() {}

  /**
   * Writes the WAR and returns {@code target}.
   *
   * @param withCarryover whether the packaged, self-contained jar goes into {@code WEB-INF/lib};
   *     nothing else is ever added
   * @throws IllegalStateException if it should and the build has not said where the jar is
   */
  public static Path build(Path target, boolean withCarryover) {
    WarBuilder war = builder();
    return (withCarryover ? war.carryover() : war).build(target);
  }

  /** Returns the application without Carryover, for tests that add something to it. */
  public static WarBuilder builder() {
    return WarBuilder.war()
        .tree(Path.of(PROJECT, "src", "test", "webapp"))
        .classesOfPackage("legacyshop");
  }
}
