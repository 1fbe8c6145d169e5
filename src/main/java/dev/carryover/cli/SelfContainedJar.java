package dev.carryover.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/**
 * A self-contained jar of ours, for one Servlet API; it can be turned into its twin for the other.
 *
 * <p>The twins differ in what the classes of ours call the API, and in which of two initializers is
 * announced to which API's containers. So the names change places, and all other entries stay as
 * they are packed.
 */
final class SelfContainedJar {

  private static final String OURS = "dev/carryover/";
  private static final String SHADED = "dev/carryover/shaded/";
  private static final String INITIALIZER = "dev.carryover.CarryoverInitializer";
  private static final Pattern API =
      Pattern.compile("(jakarta|javax)(?=/servlet/)|^(jakarta|javax)(?=\\.servlet\\b)");

  private final Path file;
  private final RawZip zip;

  private SelfContainedJar(Path file, RawZip zip) {
    this.file = file;
    this.zip = zip;
  }

  static SelfContainedJar open(Path file) throws IOException {
    return new SelfContainedJar(file, RawZip.open(file));
  }

  /**
   * The jar that this runs from.
   *
   * @throws UserError if it runs from something else
   */
  static SelfContainedJar running() throws IOException {
    try {
      Path place =
          Path.of(
              SelfContainedJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isRegularFile(place)) {
        SelfContainedJar jar = open(place);
        if (jar.zip.names().stream().anyMatch(name -> name.startsWith(SHADED))) {
          return jar;
        }
      }
      throw new UserError("Only the self-contained jar, carryover-<version>-all.jar, can do this");
    } catch (URISyntaxException e) {
      throw new UserError("The place of this jar is unknown", e);
    }
  }

  /** The API whose containers it is for. */
  ServletApi api() throws IOException {
    for (ServletApi api : ServletApi.values()) {
      if (zip.has(api.initializerService()) && service(api).contains(INITIALIZER)) {
        return api;
      }
    }
    throw new UserError(file + " is no jar of Carryover");
  }

  private String service(ServletApi api) throws IOException {
    return new String(zip.read(api.initializerService()), StandardCharsets.UTF_8);
  }

  /** The version that its manifest tells. */
  String version() throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      return Optional.ofNullable(jar.getManifest())
          .map(manifest -> manifest.getMainAttributes())
          .map(attributes -> attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION))
          .orElse("unknown");
    }
  }

  /** Its name in {@code WEB-INF/lib}, or its twin's. */
  String nameFor(ServletApi api) throws IOException {
    return "carryover-" + version() + api.jarSuffix();
  }

  /** Its bytes, or its twin's. */
  byte[] bytesFor(ServletApi api) throws IOException {
    if (api == api()) {
      return Files.readAllBytes(file);
    }
    Path written = Files.createTempFile("carryover", ".jar");
    try {
      writeTwin(written);
      return Files.readAllBytes(written);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** Writes it, or its twin. */
  void writeFor(ServletApi api, Path target) throws IOException {
    new WholeFile(target).write(file, written -> Files.write(written, bytesFor(api)));
  }

  /** Writes its twin into a file that is there. */
  void writeTwin(Path target) throws IOException {
    RawZip twin = zip;
    for (String name : zip.names()) {
      if (name.startsWith(OURS) && !name.startsWith(SHADED) && name.endsWith(".class")) {
        byte[] content = zip.read(name);
        Optional<ClassFile> classFile = ClassFile.read(content);
        if (classFile.isPresent() && classFile.get().texts().anyMatch(API.asPredicate())) {
          twin = twin.replace(name, classFile.get().withTexts(SelfContainedJar::otherApi));
        }
      }
    }
    for (ServletApi api : ServletApi.values()) {
      String service = service(api.other());
      twin = twin.replace(api.initializerService(), service.getBytes(StandardCharsets.UTF_8));
    }
    twin.write(target);
  }

  private static String otherApi(String text) {
    return API.matcher(text)
        .replaceAll(found -> found.group().equals("javax") ? "jakarta" : "javax");
  }
}
