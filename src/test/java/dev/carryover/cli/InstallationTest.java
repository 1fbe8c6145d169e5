package dev.carryover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.carryover.config.ConfigException;
import dev.carryover.testing.SampleWar;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the installer does to WARs and exploded web applications. */
class InstallationTest {

  private static final String JAR = "WEB-INF/lib/carryover-1-all.jar";
  private static final String URL = "redis://redis.example:6379";
  private static final String FILTER = "dev.carryover.SessionFilter";
  private static final String ORDERED =
      WebXml.with("<absolute-ordering><name>other</name></absolute-ordering>\n");

  @TempDir Path directory;
  private Path war;
  private byte[] original;

  @BeforeEach
  void buildTheSample() throws IOException {
    war = SampleWar.build(directory.resolve("app.war"), false);
    original = Files.readAllBytes(war);
  }

  @Test
  void addsTheJarAndNothingElse() throws IOException {
    List<String> before = names();
    assertThat(install("1", null, false)).containsExactly("added    " + JAR);
    List<String> expected = new ArrayList<>(before);
    expected.add(JAR);
    assertThat(names()).isEqualTo(expected);
    assertThat(new WarFile(war).read(JAR))
        .isEqualTo(Files.readAllBytes(directory.resolve("carryover-1-all.jar")));
  }

  @Test
  void whatWasThereKeepsItsBytesAndTimes() throws IOException {
    install("1", URL, false);
    byte[] installed = Files.readAllBytes(war);
    int directoryAt = original.length - 22 - sizeOfDirectory(original);
    assertThat(installed).startsWith(Arrays.copyOf(original, directoryAt));
    assertThat(streamed(war)).startsWith(streamed(original).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "redis", "declared", "both", "ordered"})
  void uninstallGivesTheOriginalBack(String kind) throws IOException {
    if (kind.equals("ordered")) {
      rebuild(ORDERED);
    }
    boolean withRedis = kind.equals("redis") || kind.equals("both");
    install("1", withRedis ? URL : null, kind.equals("declared") || kind.equals("both"));
    assertThat(Files.readAllBytes(war)).isNotEqualTo(original);
    uninstall();
    assertThat(Files.readAllBytes(war)).isEqualTo(original);
    uninstall();
    assertThat(Files.readAllBytes(war)).isEqualTo(original);
  }

  /** Stored and packed, with extra fields and comments, in an order of its own, with a preamble. */
  @Test
  void givesAnUnusualArchiveBackToo() throws IOException {
    writeUnusual();
    original = Files.readAllBytes(war);
    install("1", URL, true);
    assertThat(streamed(war)).anyMatch(line -> line.startsWith(JAR));
    try (ZipFile zip = new ZipFile(war.toFile())) {
      assertThat(zip.getComment()).isEqualTo("of the whole");
      assertThat(zip.getEntry("WEB-INF/z.txt").getComment()).isEqualTo("of one");
      assertThat(zip.getEntry("WEB-INF/z.txt").getExtra()).contains(1, 2, 3);
    }
    uninstall();
    assertThat(Files.readAllBytes(war)).isEqualTo(original);
  }

  @Test
  void installingTwiceChangesNothing() throws IOException {
    install("1", URL, true);
    byte[] installed = Files.readAllBytes(war);
    assertThat(install("1", URL, true)).isEmpty();
    assertThat(install("1", null, false)).isEmpty();
    assertThat(Files.readAllBytes(war)).isEqualTo(installed);
  }

  @Test
  void anotherVersionTakesThePlaceOfTheFormer() throws IOException {
    install("1", URL, true);
    assertThat(install("2", null, false))
        .containsExactly("removed  " + JAR, "added    WEB-INF/lib/carryover-2-all.jar");
    assertThat(names())
        .contains("WEB-INF/lib/carryover-2-all.jar", Installation.PROPERTIES)
        .doesNotContain(JAR);
    assertThat(WebXmlOf.read(war).declaresOurFilter()).isTrue();
    uninstall();
    assertThat(Files.readAllBytes(war)).isEqualTo(original);
  }

  @Test
  void aNewUrlReplacesTheFormer() throws IOException {
    install("1", URL, false);
    assertThat(install("1", "redis://other:1", false))
        .containsExactly("replaced " + Installation.PROPERTIES);
    assertThat(new WarFile(war).read(Installation.PROPERTIES))
        .asString(StandardCharsets.ISO_8859_1)
        .endsWith("redis.url=redis://other:1\n");
  }

  @Test
  void declaresTheFilterWhereTheJarWouldBeLeftOut() throws IOException {
    rebuild(ORDERED);
    assertThat(install("1", null, false)).hasSize(2);
    assertThat(WebXmlOf.read(war).declaresOurFilter()).isTrue();
  }

  @Test
  void doesNotDeclareItWhereOthersAreLetIn() throws IOException {
    rebuild(WebXml.with("<absolute-ordering><others/></absolute-ordering>\n"));
    install("1", null, false);
    assertThat(WebXmlOf.read(war).declaresOurFilter()).isFalse();
  }

  @Test
  void writesAWebXmlWhereThereIsNone() throws IOException {
    WarBuilder.war().file("WEB-INF/some.txt", "text").build(war);
    original = Files.readAllBytes(war);
    install("1", null, true);
    assertThat(WebXmlOf.read(war).filterClasses()).containsExactly(FILTER);
    assertThat(install("1", null, false)).isEmpty();
    uninstall();
    assertThat(Files.readAllBytes(war)).isEqualTo(original);
  }

  @Test
  void javaxWarGetsTheTwin() throws IOException {
    installFor(ServletApi.JAVAX);
    assertThat(names()).contains("WEB-INF/lib/carryover-1-javax-all.jar");
    Path twin = directory.resolve("twin.jar");
    Files.write(twin, new WarFile(war).read("WEB-INF/lib/carryover-1-javax-all.jar"));
    assertThat(SelfContainedJar.open(twin).api()).isEqualTo(ServletApi.JAVAX);
    uninstall();
    assertThat(Files.readAllBytes(war)).isEqualTo(original);
  }

  @Test
  void explodedDirectoryIsServedAlike() throws IOException {
    Path exploded = explode();
    Files.setLastModifiedTime(exploded.resolve("WEB-INF/web.xml"), FileTime.fromMillis(1000));
    Map<String, String> before = tree(exploded);
    war = exploded;
    assertThat(install("1", URL, true)).hasSize(3);
    assertThat(tree(exploded)).containsKeys(JAR, Installation.PROPERTIES);
    assertThat(install("1", URL, true)).isEmpty();
    uninstall();
    assertThat(tree(exploded)).isEqualTo(before);
    assertThat(Files.getLastModifiedTime(exploded.resolve("WEB-INF/web.xml")).toMillis())
        .isEqualTo(1000);
  }

  @Test
  void librariesBesideOursStayWhereTheyAre() throws IOException {
    war = explode();
    Path other = war.resolve("WEB-INF/lib/other.jar");
    Files.createDirectories(other.getParent());
    Files.writeString(other, "other");
    install("1", null, false);
    uninstall();
    assertThat(other).hasContent("other");
  }

  @Test
  void propertiesOfTheUsersAreNotTouched() throws IOException {
    SampleWar.builder().file(Installation.PROPERTIES, "timeout=1h\n").build(war);
    assertThatThrownBy(() -> install("1", URL, false))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is there already");
    install("1", null, false);
    uninstall();
    assertThat(new WarFile(war).has(Installation.PROPERTIES)).isTrue();
  }

  /** It would not start, or go somewhere else. */
  @ParameterizedTest
  @CsvSource({
    "redisson.config, r.yaml, (command line) and carryover.redisson.config = \"r.yaml\" (context-param",
    "redis.url, redis://other, (context-param of web.xml): overrules --redis-url"
  })
  void urlThatIsOfNoUseBesideTheWebXmlIsRefused(String key, String value, String message)
      throws IOException {
    rebuild(
        WebXml.with(
            "<context-param><param-name>carryover."
                + key
                + "</param-name><param-value>"
                + value
                + "</param-value></context-param>"));
    assertThatThrownBy(() -> install("1", URL, false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
    assertThat(Files.readAllBytes(war)).isEqualTo(original);
    install("1", null, false);
  }

  @Test
  void whatOnlyTheContainerCanReadIsNoReasonToRefuse() throws IOException {
    rebuild(
        WebXml.with(
            "<context-param><param-name>carryover.timeout</param-name>"
                + "<param-value>${session.timeout}</param-value></context-param>"));
    install("1", URL, false);
    assertThat(new WarFile(war).has(Installation.PROPERTIES)).isTrue();
  }

  @Test
  void urlThatIsNoneIsSaidToBeTyped() {
    assertThatThrownBy(() -> install("1", "redis:host", false))
        .hasMessageContaining("(command line)");
  }

  @Test
  void filterThatSomebodyElseHasDeclaredIsKeptAndNamed() throws IOException {
    rebuild(WebXml.with(WebXml.filter()));
    install("1", null, false);
    Installation installation = new Installation(WebApp.open(war));
    installation.uninstall();
    assertThat(installation.changes())
        .contains("kept     the filter in WEB-INF/web.xml, which does not start without the jar");
    uninstall();
    assertThat(Files.readAllBytes(war)).isEqualTo(original);

    buildTheSample();
    install("1", null, true);
    Installation ours = new Installation(WebApp.open(war));
    ours.uninstall();
    assertThat(ours.changes()).noneMatch(change -> change.startsWith("kept"));
  }

  @Test
  void newerWebXmlIsNotOverwrittenByTheFormer() throws IOException {
    war = explode();
    install("1", null, true);
    Path webXml = war.resolve("WEB-INF/web.xml");
    String newer = WebXml.with("<display-name>newer</display-name>");
    Files.writeString(webXml, newer);
    assertThat(install("2", null, false)).contains("declared the filter in WEB-INF/web.xml");
    assertThat(webXml).content().contains("newer", FILTER);
    uninstall();
    assertThat(webXml).hasContent(newer);
    assertThat(war.resolve(Installation.FORMER_WEB_XML)).doesNotExist();
  }

  @Test
  void newerWebXmlStaysWhenTheJarIsTakenOut() throws IOException {
    war = explode();
    install("1", null, true);
    Path webXml = war.resolve("WEB-INF/web.xml");
    String newer = WebXml.with("<display-name>newer</display-name>");
    Files.writeString(webXml, newer);
    uninstall();
    assertThat(webXml).hasContent(newer);
    assertThat(war.resolve(Installation.FORMER_WEB_XML)).doesNotExist();
    assertThat(war.resolve(JAR)).doesNotExist();
  }

  @Test
  void editsOfTheDeclaredWebXmlAreNotDropped() throws IOException {
    war = explode();
    install("1", null, true);
    edit(war.resolve("WEB-INF/web.xml"));
    assertThatBothRefuse("WEB-INF/web.xml was changed", Installation.FORMER_WEB_XML);
  }

  @Test
  void editsOfTheWrittenWebXmlAreNotDropped() throws IOException {
    war = explode();
    Files.delete(war.resolve("WEB-INF/web.xml"));
    install("1", null, true);
    edit(war.resolve("WEB-INF/web.xml"));
    assertThatBothRefuse("WEB-INF/web.xml was changed", "take the comment out");
  }

  @Test
  void keysThatWereAddedToTheWrittenPropertiesStay() throws IOException {
    war = explode();
    install("1", URL, false);
    Path properties = war.resolve(Installation.PROPERTIES);
    String more = Files.readString(properties) + "timeout=1h\n";
    Files.writeString(properties, more);
    assertThatThrownBy(() -> install("2", "redis://other:1", false))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is there already");
    install("2", null, false);
    uninstall();
    assertThat(properties).hasContent(more);
  }

  @Test
  void passwordOfAnyLettersIsWritten() throws IOException {
    String url = "redis://:p\u00e4ss\u0416@redis.example:6379";
    install("1", url, false);
    Properties properties = new Properties();
    properties.load(new ByteArrayInputStream(new WarFile(war).read(Installation.PROPERTIES)));
    assertThat(properties).containsEntry("redis.url", url);
  }

  @Test
  void directoryIsAsItWasIfOneFileCannotBeWritten() throws IOException {
    war = explode();
    Files.createDirectories(war.resolve(Installation.FORMER_WEB_XML).resolve("in-the-way"));
    Map<String, String> before = tree(war);
    assertThatThrownBy(() -> install("1", URL, true)).isInstanceOf(IOException.class);
    assertThat(tree(war)).isEqualTo(before);
  }

  @Test
  void linksAreFollowed() throws IOException {
    Path exploded = explode();
    Path libraries = Files.createDirectory(directory.resolve("libraries"));
    Files.createSymbolicLink(exploded.resolve("WEB-INF/lib"), libraries);
    Files.createSymbolicLink(exploded.resolve("loop"), exploded);
    Map<String, String> before = tree(libraries);
    war = Files.createSymbolicLink(directory.resolve("current"), exploded);
    install("1", null, false);
    assertThat(libraries.resolve("carryover-1-all.jar")).exists();
    assertThat(install("1", null, false)).isEmpty();
    uninstall();
    assertThat(tree(libraries)).isEqualTo(before);
  }

  @Test
  void nameThatOccursTwiceIsNotTouched() throws IOException {
    WarBuilder.war().webXml(WebXml.with()).file("WEB-INF/web.xmk", WebXml.with()).build(war);
    String bytes = Files.readString(war, StandardCharsets.ISO_8859_1);
    Files.writeString(war, bytes.replace("web.xmk", "web.xml"), StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> install("1", null, true))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("more than one WEB-INF/web.xml");
  }

  /** Run as root, for a container that is not. */
  @Test
  void ownerAndGroupOfTheFilesStay() throws IOException {
    assumeThat(Files.getAttribute(directory, "unix:uid")).isEqualTo(0);
    Path exploded = explode();
    give(war, "rw-r-----");
    give(exploded.resolve("WEB-INF"), "rwxr-x---");
    give(exploded.resolve("WEB-INF/web.xml"), "r--r-----");
    install("1", null, false);
    assertThat(rights(war)).isEqualTo("4711:4712 rw-r-----");
    war = exploded;
    install("1", URL, true);
    assertThat(rights(exploded.resolve("WEB-INF/web.xml"))).isEqualTo("4711:4712 r--r-----");
    for (String added : List.of(JAR, Installation.PROPERTIES)) {
      assertThat(rights(exploded.resolve(added))).as(added).isEqualTo("4711:4712 rw-r-----");
    }
    assertThat(rights(exploded.resolve("WEB-INF/lib"))).isEqualTo("4711:4712 rwxr-x---");
  }

  private static void give(Path file, String permissions) throws IOException {
    Files.setAttribute(file, "unix:uid", 4711);
    Files.setAttribute(file, "unix:gid", 4712);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static String rights(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid")
        + ":"
        + Files.getAttribute(file, "unix:gid")
        + " "
        + PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void edit(Path webXml) throws IOException {
    String edited =
        Files.readString(webXml)
            .replace("</web-app>", "<display-name>mine</display-name></web-app>");
    Files.writeString(webXml, edited);
  }

  private void assertThatBothRefuse(String... messages) throws IOException {
    Map<String, String> before = tree(war);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(() -> install("2", null, false), this::uninstall)) {
      assertThatThrownBy(call).isInstanceOf(UserError.class).hasMessageContainingAll(messages);
    }
    assertThat(tree(war)).isEqualTo(before);
  }

  @Test
  void signedWarKeepsItsSignatureOrIsRefused() throws IOException {
    SampleWar.builder().file("META-INF/ACME.SF", "Signature-Version: 1.0\n").build(war);
    assertThat(install("1", null, false)).hasSize(1);
    byte[] installed = Files.readAllBytes(war);
    assertThatThrownBy(() -> install("1", null, true))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("META-INF/ACME.SF signs WEB-INF/web.xml");
    assertThat(Files.readAllBytes(war)).isEqualTo(installed);
  }

  @Test
  void thinJarIsNotMixedWithOurs() throws IOException {
    Path thin =
        WarBuilder.war()
            .file("dev/carryover/SessionFilter.class", "filter")
            .build(directory.resolve("carryover-1.jar"));
    SampleWar.builder().lib(thin).build(war);
    assertThatThrownBy(() -> install("1", null, false))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("WEB-INF/lib/carryover-1.jar");
  }

  @Test
  void rightsOfTheFileStay() throws IOException {
    var rights = PosixFilePermissions.fromString("rw-r-----");
    Files.setPosixFilePermissions(war, rights);
    install("1", null, false);
    assertThat(Files.getPosixFilePermissions(war)).isEqualTo(rights);
  }

  @Test
  void whatAKilledRunHasLeftIsTakenAway() throws IOException {
    Path left = Files.writeString(directory.resolve(".app.war.carryover42.tmp"), "half a WAR");
    Path other = Files.writeString(directory.resolve(".other.war.carryover42.tmp"), "another's");
    install("1", null, false);
    assertThat(left).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void placeWhereNoWarCanBeIsSaid() throws IOException {
    WebApp app = WebApp.open(war);
    assertThatThrownBy(() -> app.save(directory))
        .isInstanceOf(UserError.class)
        .hasMessage(directory + " is a directory");
    assertThatThrownBy(() -> app.save(directory.resolve("none/out.war")))
        .isInstanceOf(UserError.class)
        .hasMessage("There is no directory " + directory.resolve("none"));
  }

  /** Whoever has the former file open, or linked, has it whole. */
  @Test
  void twinTakesThePlaceOfAFormerOneWhenItIsWhole() throws IOException {
    CommandLineRun.smallJar(directory, "1");
    Path jar = Files.writeString(directory.resolve("twin.jar"), "former");
    Path link = Files.createLink(directory.resolve("link.jar"), jar);
    CommandLineRun run =
        CommandLineRun.of("twin", directory.resolve("carryover-1-all.jar"), "-o", jar);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(SelfContainedJar.open(jar).api()).isEqualTo(ServletApi.JAVAX);
    assertThat(link).hasContent("former");
  }

  private List<String> install(String version, String url, boolean declare) throws IOException {
    WebApp app = WebApp.open(war);
    Installation installation = new Installation(app);
    installation.install(
        CommandLineRun.smallJar(directory, version), ServletApi.JAKARTA, url, declare);
    if (!installation.changes().isEmpty()) {
      app.save(war);
    }
    return installation.changes();
  }

  private void installFor(ServletApi api) throws IOException {
    WebApp app = WebApp.open(war);
    new Installation(app).install(CommandLineRun.smallJar(directory, "1"), api, null, false);
    app.save(war);
  }

  private void uninstall() throws IOException {
    WebApp app = WebApp.open(war);
    new Installation(app).uninstall();
    app.save(war);
  }

  private void rebuild(String webXml) throws IOException {
    SampleWar.builder().webXml(webXml).build(war);
    original = Files.readAllBytes(war);
  }

  private void writeUnusual() throws IOException {
    try (OutputStream out = Files.newOutputStream(war);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setComment("of the whole");
      ZipEntry entry = new ZipEntry("WEB-INF/z.txt");
      entry.setComment("of one");
      entry.setExtra(new byte[] {(byte) 0xFE, (byte) 0xCA, 3, 0, 1, 2, 3});
      zip.putNextEntry(entry);
      zip.write(new byte[1000]);
      zip.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
      zip.write(
          WebXml.with("<display-name>Überall</display-name>").getBytes(StandardCharsets.UTF_8));
      byte[] content = "stored".getBytes(StandardCharsets.UTF_8);
      CRC32 crc = new CRC32();
      crc.update(content);
      ZipEntry stored = new ZipEntry("WEB-INF/a.bin");
      stored.setMethod(ZipEntry.STORED);
      stored.setSize(content.length);
      stored.setCrc(crc.getValue());
      zip.putNextEntry(stored);
      zip.write(content);
    }
  }

  private Path explode() throws IOException {
    Path root = directory.resolve("exploded");
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(war))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = root.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, in.readAllBytes());
      }
    }
    return root;
  }

  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        tree.put(
            root.relativize(file).toString(),
            Files.isDirectory(file)
                ? "a directory"
                : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return tree;
  }

  private List<String> names() throws IOException {
    return RawZip.open(war).names();
  }

  private static int sizeOfDirectory(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 22 + 12);
  }

  private static List<String> streamed(Path file) throws IOException {
    return streamed(Files.readAllBytes(file));
  }

  /** What a reader sees that knows no central directory. */
  private static List<String> streamed(byte[] file) throws IOException {
    List<String> lines = new ArrayList<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(file))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        int size = in.readAllBytes().length;
        lines.add(entry.getName() + ' ' + size + ' ' + entry.getLastModifiedTime());
      }
    }
    return lines;
  }

  /** The descriptor of a WAR file. */
  private static final class WebXmlOf {
    static dev.carryover.cli.WebXml read(Path war) throws IOException {
      return dev.carryover.cli.WebXml.parse(new WarFile(war).read("WEB-INF/web.xml"));
    }
  }
}
