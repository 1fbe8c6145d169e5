package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * A WAR of these tests as it would be if it had been written for {@code javax.servlet}: its
 * classes, pages and descriptors renamed, and our jar exchanged for its javax twin. Other libraries
 * stay.
 */
public final class JavaxWar {

  /** The system property that names the packaged, self-contained jar for javax containers. */
  private static final String JAVAX_ALL_JAR = "carryover-test.javax-all-jar";

  /** What moved from {@code javax} to {@code jakarta}, of what the tests use. */
  private static final String MOVED = "(servlet|el|annotation|websocket|transaction)";

  private static final Map<String, String> DESCRIPTORS =
      Map.of(
          "https://jakarta.ee/xml/ns/jakartaee",
          "http://xmlns.jcp.org/xml/ns/javaee",
          "version=\"(5.0|6.0|6.1)\"",
          "version=\"3.1\"",
          "web-app_\\d_\\d.xsd",
          "web-app_3_1.xsd",
          "jakarta\\." + MOVED,
          "javax.$1");

  private JavaxWar() {}

  /** Writes it beside the given one, and returns where; one with our javax jar stays as it is. */
  public static Path of(Path war) {
    if (hasOurJavaxJar(war)) {
      return war;
    }
    Path target = war.resolveSibling("javax-" + war.getFileName());
    try {
      // Nodes that start at the same time may read what another one writes.
      Path written = Files.createTempFile(war.toAbsolutePath().getParent(), "javax", ".war");
      convert(war, written);
      return Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void convert(Path war, Path target) throws IOException {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(war));
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = in.readAllBytes();
        out.setLevel(WarBuilder.levelOf(entry.getName()));
        out.putNextEntry(new ZipEntry(renamed(entry.getName())));
        out.write(converted(entry.getName(), content));
      }
    }
  }

  /** Returns a class with the APIs' old names, also where it names their classes in text. */
  static byte[] renamed(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile).accept(new ClassRemapper(writer, new OldNames()), 0);
    return writer.toByteArray();
  }

  private static boolean hasOurJavaxJar(Path war) {
    try (ZipFile zip = new ZipFile(war.toFile())) {
      return zip.stream()
          .anyMatch(entry -> entry.getName().matches("WEB-INF/lib/carryover-.*-javax-all\\.jar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String renamed(String entry) {
    return isOurJar(entry) ? "WEB-INF/lib/" + ourJar().getFileName() : entry;
  }

  private static byte[] converted(String entry, byte[] content) throws IOException {
    if (isOurJar(entry)) {
      return Files.readAllBytes(ourJar());
    }
    if (entry.endsWith(".class")) {
      return renamed(content);
    }
    return entry.matches(".*\\.(xml|jspx?|jspf|tld|tagx?)") ? text(content) : content;
  }

  private static byte[] text(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    for (var names : DESCRIPTORS.entrySet()) {
      text = text.replaceAll(names.getKey(), names.getValue());
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isOurJar(String entry) {
    return entry.matches("WEB-INF/lib/carryover-.*\\.jar");
  }

  private static Path ourJar() {
    String jar = System.getProperty(JAVAX_ALL_JAR);
    if (jar == null) {
      throw new IllegalStateException(
          "System property "
              + JAVAX_ALL_JAR
              + " is not set: run this test as an *IT, by mvn verify");
    }
    return Path.of(jar);
  }

  private static final class OldNames extends Remapper {

    OldNames() {
      super(org.objectweb.asm.Opcodes.ASM9);
    }

    @Override
    public String map(String internalName) {
      return internalName.replaceFirst("^jakarta/" + MOVED + "/", "javax/$1/");
    }

    @Override
    public Object mapValue(Object value) {
      return value instanceof String text
          ? text.replaceFirst("^jakarta\\." + MOVED + "\\b", "javax.$1")
          : super.mapValue(value);
    }
  }
}
