package dev.carryover.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A WAR file in the making: classes of the test class path, libraries and files, packed as a real
 * archive. Of two entries with the same name, the one added last stays.
 */
public final class WarBuilder {

  /** The system property that names the packaged, self-contained jar. */
  private static final String ALL_JAR = "carryover-test.all-jar";

  private final SortedMap<String, Content> entries = new TreeMap<>();

  private WarBuilder() {}

  /** Returns an empty WAR. */
  public static WarBuilder war() {
    return new WarBuilder();
  }

  /** Adds the classes, with those nested in them, to {@code WEB-INF/classes}. */
  public WarBuilder classes(Class<?>... classes) {
    for (Class<?> type : classes) {
      String name = type.getName().substring(type.getName().lastIndexOf('.') + 1);
      int before = entries.size();
      classFiles(codeSource(type), type.getPackageName(), 1, name);
      if (entries.size() == before && !entries.containsKey(entryOf(type))) {
        throw new IllegalArgumentException("No class file of " + type + " found");
      }
    }
    return this;
  }

  /**
   * Adds a class with those nested in it, and names one of them as an initializer of either API.
   */
  public WarBuilder initializer(Class<?> outer, Class<?> initializer) {
    for (String api : List.of("jakarta", "javax")) {
      file(
          "WEB-INF/classes/META-INF/services/" + api + ".servlet.ServletContainerInitializer",
          initializer.getName());
    }
    return classes(outer);
  }

  /** Adds all classes of the package and of those below it to {@code WEB-INF/classes}. */
  public WarBuilder classesOfPackage(String packageName) {
    String folder = packageName.replace('.', '/');
    try {
      List<URL> roots =
          Collections.list(Thread.currentThread().getContextClassLoader().getResources(folder));
      if (roots.isEmpty()) {
        throw new IllegalArgumentException("No package " + packageName + " on the class path");
      }
      for (URL url : roots) {
        classFiles(rootOf(url, folder), packageName, Integer.MAX_VALUE, "");
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds the jar to {@code WEB-INF/lib}. */
  public WarBuilder lib(Path jar) {
    return file("WEB-INF/lib/" + jar.getFileName(), jar);
  }

  /** Adds Carryover as its users do: the packaged, self-contained jar in {@code WEB-INF/lib}. */
  public WarBuilder carryover() {
    String jar = System.getProperty(ALL_JAR);
    if (jar == null) {
      throw new IllegalStateException(
          "System property " + ALL_JAR + " is not set: run this test as an *IT, by mvn verify");
    }
    return lib(Path.of(jar));
  }

  /** Adds a text file, in UTF-8. */
  public WarBuilder file(String pathInWar, String content) {
    return put(pathInWar, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a copy of the file as it is when the WAR is built. */
  public WarBuilder file(String pathInWar, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("No such file: " + file);
    }
    entries.put(pathInWar, () -> Files.readAllBytes(file));
    return this;
  }

  /** Adds everything in the directory, which stands for the root of the WAR. */
  public WarBuilder tree(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> file(slashed(directory.relativize(file)), file));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds {@code WEB-INF/web.xml}. */
  public WarBuilder webXml(String content) {
    return file("WEB-INF/web.xml", content);
  }

  /** Writes the WAR, with the directories above it, and returns {@code file}. */
  public Path build(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (OutputStream out = Files.newOutputStream(file);
          ZipOutputStream zip = new ZipOutputStream(out)) {
        for (var entry : entries.entrySet()) {
          zip.setLevel(levelOf(entry.getKey()));
          zip.putNextEntry(new ZipEntry(entry.getKey()));
          zip.write(entry.getValue().bytes());
        }
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("WAR " + file + " could not be written", e);
    }
  }

  /** Jars are compressed already. */
  static int levelOf(String entry) {
    return entry.endsWith(".jar") ? Deflater.NO_COMPRESSION : Deflater.BEST_SPEED;
  }

  /** Adds the class files of one type (with nested ones), or of all types if the name is empty. */
  private void classFiles(Path root, String packageName, int depth, String typeName) {
    String folder = packageName.replace('.', '/');
    try (Archive archive = Archive.open(root);
        Stream<Path> files = Files.walk(archive.root().resolve(folder), depth)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && (typeName.isEmpty() || isOf(typeName, name))) {
          put(
              "WEB-INF/classes/" + slashed(archive.root().relativize(file)),
              Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOf(String typeName, String fileName) {
    return fileName.equals(typeName + ".class") || fileName.startsWith(typeName + "$");
  }

  private WarBuilder put(String pathInWar, byte[] bytes) {
    entries.put(pathInWar, () -> bytes);
    return this;
  }

  private static String entryOf(Class<?> type) {
    return "WEB-INF/classes/" + type.getName().replace('.', '/') + ".class";
  }

  private static Path codeSource(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Returns the directory or jar that the URL of a package folder points into. */
  private static Path rootOf(URL url, String folder) {
    String address = url.toString().replaceFirst("/$", "");
    String root = address.substring(0, address.length() - folder.length());
    return Path.of(URI.create(root.replaceFirst("^jar:", "").replaceFirst("!/$", "")));
  }

  private static String slashed(Path relative) {
    List<String> names = new ArrayList<>();
    relative.forEach(name -> names.add(name.toString()));
    return String.join("/", names);
  }

  /** The bytes of one entry. */
  private interface Content {
    byte[] bytes() throws IOException;
  }

  /** A directory, or a jar seen as one. */
  private record Archive(Path root, FileSystem opened) implements AutoCloseable {

    static Archive open(Path path) throws IOException {
      if (Files.isDirectory(path)) {
        return new Archive(path, null);
      }
      FileSystem zip = FileSystems.newFileSystem(path);
      return new Archive(zip.getPath("/"), zip);
    }

    @Override
    public void close() throws IOException {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
