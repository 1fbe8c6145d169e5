package dev.carryover.it;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The self-contained jars, as they are put into other people's WARs. */
@ParameterizedClass
@ValueSource(strings = {"jakarta", "javax"})
class PackagedJarIT {

  private static final int JAVA_11 = 55;
  private static final String SHADED = "dev/carryover/shaded/";

  private static final Map<String, String> RELOCATIONS = relocations();

  private final String api;
  private final Path jar;

  PackagedJarIT(String api) {
    this.api = api;
    this.jar =
        Path.of(
            System.getProperty(
                api.equals("javax") ? "carryover-test.javax-all-jar" : "carryover-test.all-jar"));
  }

  @Test
  void isUnderTenMegabytes() throws IOException {
    assertThat(Files.size(jar)).isLessThan(10_000_000);
  }

  @Test
  void showsNoPackageButOurs() throws IOException {
    assertThat(entries())
        .filteredOn(name -> name.endsWith(".class"))
        .map(name -> name.replaceFirst("^META-INF/versions/\\d+/", ""))
        .isNotEmpty()
        .allMatch(name -> name.startsWith("dev/carryover/"));
  }

  @Test
  void holdsNothingElseThatFrameworksLookFor() throws IOException {
    assertThat(entries())
        .filteredOn(name -> name.startsWith("META-INF/") && !name.endsWith("/"))
        .filteredOn(name -> !name.startsWith("META-INF/services/"))
        .containsExactlyInAnyOrder("META-INF/MANIFEST.MF", "META-INF/NOTICE", "META-INF/LICENSE");
  }

  @Test
  void namesEachLibraryInItWithItsLicence() throws IOException {
    Set<String> libraries = new TreeSet<>();
    for (String name : entries()) {
      if (name.startsWith(SHADED) && name.endsWith(".class")) {
        libraries.add(name.substring(SHADED.length()).replaceFirst("/.*", ""));
      }
    }
    List<String> named =
        notice()
            .lines()
            .filter(line -> line.matches("  [a-z]\\S+ {2,}.*"))
            .map(line -> line.strip().replaceFirst(" .*", ""))
            .toList();
    assertThat(named).containsExactlyElementsOf(libraries);
    assertThat(text("META-INF/LICENSE")).contains("Apache License");
  }

  /** Those of the class path that have a class in the jar, under whatever name. */
  @Test
  void namesEachArtifactThatIsInItAndNoOther() throws IOException {
    Map<String, String> named = artifactsOfTheNotice();
    Set<String> inJar = Set.copyOf(entries());
    Set<String> found = new TreeSet<>();
    for (Path library : libraries()) {
      if (hasClassIn(inJar, library)) {
        List<String> names =
            named.entrySet().stream()
                .filter(it -> library.toString().contains(it.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(names).as(library.toString()).isNotEmpty();
        found.addAll(names);
      }
    }
    assertThat(found).isEqualTo(named.keySet());
  }

  /** Libraries have libraries in them, too. */
  @Test
  void namesWhatLibrariesHaveInThem() throws IOException {
    Pattern foreign =
        Pattern.compile(
            SHADED
                + "(?:.*/shaded/[a-z]+/|esotericsoftware/(?!kryo/|minlog/|reflectasm/))([a-z]+)/.*");
    Set<String> inside =
        entries().stream()
            .map(foreign::matcher)
            .filter(Matcher::matches)
            .map(name -> name.group(1))
            .collect(toSet());
    assertThat(inside).contains("asm", "jctools");
    assertThat(inside)
        .allMatch(name -> notice().toLowerCase(Locale.ROOT).matches("(?s).*\\b" + name + "\\b.*"));
  }

  /** By its name in the notice, where an artifact is in a Maven repository. */
  private Map<String, String> artifactsOfTheNotice() {
    Map<String, String> artifacts = new TreeMap<>();
    String table = notice().substring(0, notice().indexOf("The console's page"));
    Pattern.compile("\\(([a-z0-9.-]+):([^)]+)\\)")
        .matcher(table)
        .results()
        .forEach(
            found -> {
              String group = '/' + found.group(1).replace('.', '/') + '/';
              for (String artifact : found.group(2).split(",\\s*")) {
                artifacts.put(
                    found.group(1) + ':' + artifact,
                    artifact.equals("*") ? group : group + artifact + '/');
              }
            });
    return artifacts;
  }

  private static List<Path> libraries() throws IOException {
    List<Path> libraries = new ArrayList<>();
    for (URL manifest :
        Collections.list(
            PackagedJarIT.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
      if (manifest.openConnection() instanceof JarURLConnection connection) {
        libraries.add(Path.of(connection.getJarFile().getName()));
      }
    }
    return libraries;
  }

  private static boolean hasClassIn(Set<String> jar, Path library) throws IOException {
    try (ZipFile zip = new ZipFile(library.toFile())) {
      return zip.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class"))
          .anyMatch(name -> jar.contains(relocated(name)));
    }
  }

  /** As pom.xml says it. */
  private static String relocated(String name) {
    for (Map.Entry<String, String> relocation : RELOCATIONS.entrySet()) {
      if (name.startsWith(relocation.getKey())) {
        return SHADED + relocation.getValue() + name.substring(relocation.getKey().length());
      }
    }
    return name;
  }

  private static Map<String, String> relocations() {
    try {
      return Pattern.compile(
              "<pattern>([\\w.]+)</pattern>\\s*<shadedPattern>\\$\\{shaded}\\.(\\w+)</shadedPattern>")
          .matcher(Files.readString(Path.of("pom.xml")))
          .results()
          .collect(toMap(it -> it.group(1).replace('.', '/') + '/', it -> it.group(2) + '/'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void showsNoServiceButOurInitializerAndOneForTheWrongContainer() throws IOException {
    String other = api.equals("javax") ? "jakarta" : "javax";
    assertThat(entries())
        .filteredOn(name -> name.startsWith("META-INF/services/") && !name.endsWith("/"))
        .filteredOn(name -> !name.startsWith("META-INF/services/dev.carryover."))
        .containsExactlyInAnyOrder(initializer(api), initializer(other));
    assertThat(text(initializer(api)).strip()).isEqualTo("dev.carryover.CarryoverInitializer");
    assertThat(text(initializer(other)).strip()).isEqualTo("dev.carryover.WrongContainer");
  }

  private static String initializer(String api) {
    return "META-INF/services/" + api + ".servlet.ServletContainerInitializer";
  }

  /** Otherwise two builds of the same sources would differ. */
  @Test
  void carriesNoTimeOfItsBuild() throws IOException {
    Instant earlier = Instant.now().minus(Duration.ofHours(1));
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      assertThat(zip.stream().map(entry -> entry.getLastModifiedTime().toInstant()))
          .noneMatch(time -> time.isAfter(earlier) && time.isBefore(Instant.now()));
    }
  }

  @Test
  void logsToJavaUtilLogging() throws IOException {
    assertThat(
            text("META-INF/services/dev.carryover.shaded.slf4j.spi.SLF4JServiceProvider").strip())
        .isEqualTo("dev.carryover.shaded.slf4j.jul.JULServiceProvider");
  }

  @Test
  void holdsOurClassesForJava11() throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<? extends ZipEntry> ours =
          zip.stream()
              .filter(entry -> entry.getName().matches("dev/carryover/(?!shaded/).*\\.class"))
              .toList();
      assertThat(ours).isNotEmpty();
      for (ZipEntry entry : ours) {
        try (DataInputStream in = new DataInputStream(zip.getInputStream(entry))) {
          in.readInt();
          in.readUnsignedShort();
          assertThat(in.readUnsignedShort()).as(entry.getName()).isEqualTo(JAVA_11);
        }
      }
    }
  }

  private List<String> entries() throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().<String>map(ZipEntry::getName).toList();
    }
  }

  private String notice() {
    try {
      return text("META-INF/NOTICE");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(String entry) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile());
        InputStream in = zip.getInputStream(zip.getEntry(entry))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
