package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The self-contained jar, as it is put into other people's WARs. */
class PackagedJarIT {

  private static final long MEBIBYTE = 1 << 20;
  private static final int JAVA_11 = 55;

  private final Path jar = Path.of(System.getProperty("carryover-test.all-jar"));

  @Test
  void isUnderTenMegabytes() throws IOException {
    assertThat(Files.size(jar)).isLessThan(10 * MEBIBYTE);
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
  void showsNoServiceButOurInitializer() throws IOException {
    assertThat(entries())
        .filteredOn(name -> name.startsWith("META-INF/services/") && !name.endsWith("/"))
        .filteredOn(name -> !name.startsWith("META-INF/services/dev.carryover."))
        .containsExactly("META-INF/services/jakarta.servlet.ServletContainerInitializer");
    assertThat(text("META-INF/services/jakarta.servlet.ServletContainerInitializer").strip())
        .isEqualTo("dev.carryover.CarryoverInitializer");
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

  private String text(String entry) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile());
        InputStream in = zip.getInputStream(zip.getEntry(entry))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
