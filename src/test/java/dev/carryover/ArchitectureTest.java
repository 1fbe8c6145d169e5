package dev.carryover;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/** The arrows between the packages, see ARCHITECTURE.md: they run one way. */
@AnalyzeClasses(packages = "dev.carryover", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ROOT = "dev.carryover";

  /** What everyone may use. */
  private static final String[] FREE = {"java..", "javax..", "org.slf4j..", "org.jspecify.."};

  @ArchTest
  static final ArchRule SERVLET =
      arrows(
          List.of("servlet", "servlet.container"),
          List.of("servlet", "servlet.container", "session", "event", "config"),
          "jakarta.servlet..",
          "jakarta.security.auth.message..");

  @ArchTest
  static final ArchRule SESSION =
      arrows(
          List.of("session"),
          List.of("session", "store", "event", "metrics"),
          "com.github.benmanes.caffeine..",
          "dev.failsafe..");

  @ArchTest
  static final ArchRule ADMIN =
      arrows(
          List.of("admin"),
          List.of("admin", "session", "store", "metrics", "config"),
          "jakarta.servlet..",
          "com.grack.nanojson");

  @ArchTest
  static final ArchRule REDIS =
      arrows(
          List.of("store.redis"),
          List.of("store.redis", "store", "codec", "config", "metrics"),
          "org.redisson..",
          "org.yaml.snakeyaml.error",
          "io.netty..",
          "com.github.benmanes.caffeine..",
          "dev.failsafe..");

  @ArchTest
  static final ArchRule MEMORY = arrows(List.of("store.memory"), List.of("store.memory", "store"));

  @ArchTest
  static final ArchRule CODEC =
      arrows(
          List.of("codec"),
          List.of("codec", "config"),
          "com.esotericsoftware..",
          "org.objenesis..",
          "org.redisson.client.codec",
          "org.redisson.client.protocol",
          "org.redisson.client.handler",
          "io.netty.buffer");

  @ArchTest
  static final ArchRule REDISSONS_CODEC_IN_ONE_CLASS =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".codec..")
          .and()
          .doNotHaveSimpleName("CarryoverCodec")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.redisson..", "io.netty..");

  @ArchTest static final ArchRule STORE = arrows(List.of("store"), List.of("store"));

  @ArchTest static final ArchRule CONFIG = arrows(List.of("config"), List.of("config"));

  @ArchTest static final ArchRule EVENT = arrows(List.of("event"), List.of("event"));

  @ArchTest
  static final ArchRule METRICS = arrows(List.of("metrics"), List.of("metrics"), "io.micrometer..");

  @ArchTest
  static final ArchRule CLI =
      arrows(
          List.of("cli"),
          List.of("cli", "session", "store.redis", "store", "codec", "config"),
          "picocli",
          "com.grack.nanojson",
          "org.w3c.dom",
          "org.xml.sax");

  @ArchTest
  static final ArchRule SERVLET_API_AT_THE_EDGES_ONLY =
      onlyIn(List.of("", "servlet", "servlet.container", "admin"), "jakarta.servlet..");

  /** It is not there in all containers. */
  @ArchTest
  static final ArchRule MODULES_FOR_LOGINS_IN_ONE_CLASS =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.LoginModule(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jakarta.security.auth.message..");

  @ArchTest
  static final ArchRule REDISSON_IN_ITS_STORE_ONLY =
      onlyIn(List.of("store.redis", "codec"), "org.redisson..");

  @ArchTest
  static final ArchRule PICOCLI_IN_THE_COMMAND_LINE_ONLY = onlyIn(List.of("cli"), "picocli..");

  @ArchTest
  static final ArchRule KRYO_IN_THE_CODEC_ONLY = onlyIn(List.of("codec"), "com.esotericsoftware..");

  @ArchTest
  static final ArchRule NOBODY_LOOKS_UP_TO_THE_ROOT =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + ".*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT)
          .as("nobody knows the root package");

  @ArchTest
  static final ArchRule THE_ROOT_KNOWS_NO_COMMANDS =
      noClasses()
          .that()
          .resideInAPackage(ROOT)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".cli..")
          .as("the root package does not know the command line");

  /** Each package its own slice, the root too. */
  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("(" + ROOT + "..)").should().beFreeOfCycles();

  private static ArchRule arrows(List<String> from, List<String> to, String... foreign) {
    String[] allowed =
        Stream.of(packages(to).stream(), Stream.of(FREE), Stream.of(foreign))
            .flatMap(names -> names)
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAnyPackage(packages(from).toArray(String[]::new))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(primitives()))
        .allowEmptyShould(true)
        .as(from + " may use " + to + " and " + List.of(foreign));
  }

  private static ArchRule onlyIn(List<String> homes, String library) {
    return noClasses()
        .that(resideOutsideOfPackages(packages(homes).toArray(String[]::new)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .as("only " + homes + " may use " + library);
  }

  private static List<String> packages(List<String> names) {
    return names.stream().map(name -> name.isEmpty() ? ROOT : ROOT + '.' + name).toList();
  }

  private static DescribedPredicate<JavaClass> primitives() {
    return DescribedPredicate.describe(
        "primitive", type -> type.getBaseComponentType().isPrimitive());
  }
}
