package dev.carryover.cli;

import dev.carryover.config.ConfigKey;
import dev.carryover.config.ConfigSource;
import dev.carryover.config.RedisUrl;
import dev.carryover.config.SessionConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Our jar in a web application, and what goes with it: found, put in, taken out.
 *
 * <p>What is changed can be told from the web application itself: a jar with our classes; a {@code
 * carryover.properties} as we write it; a web.xml beside the one it was before. What somebody has
 * changed since is theirs: it is kept or asked about, never overwritten.
 */
final class Installation {

  static final String PROPERTIES = "WEB-INF/carryover.properties";
  static final String FORMER_WEB_XML = "WEB-INF/web.xml.before-carryover";

  private static final String MARK =
      "# Written by Carryover's installer, which takes it away again.";
  private static final Pattern OURS =
      Pattern.compile(Pattern.quote(MARK) + "\nredis\\.url=[^\r\n]*\n");
  private static final String LIB = "WEB-INF/lib/";

  private final WebApp app;
  private final Inspection inspection;
  private final List<String> changes = new ArrayList<>();

  Installation(WebApp app) throws IOException {
    this.app = app;
    this.inspection = Inspection.of(app);
  }

  Inspection inspection() {
    return inspection;
  }

  /** What {@link #install} and {@link #uninstall} have changed, a line each; empty if nothing. */
  List<String> changes() {
    return changes;
  }

  /**
   * Changes the web application in memory.
   *
   * @param redisUrl what to write into {@value #PROPERTIES}; null to leave that as it is
   * @param declare whether to declare the filter even where it would register itself
   */
  void install(SelfContainedJar jar, ServletApi api, @Nullable String redisUrl, boolean declare)
      throws IOException {
    requireNoThinJar();
    requireUntouched();
    String name = LIB + jar.nameFor(api);
    byte[] content = jar.bytesFor(api);
    byte[] properties = redisUrl == null ? ourProperties() : properties(redisUrl);
    byte[] former = formerWebXml();
    byte[] webXml = isToBeDeclared(former, declare) ? declared(former, api) : former;
    compare(inspection.classes().ourJars(), name, content);
    compare(ourProperties() == null ? List.of() : List.of(PROPERTIES), PROPERTIES, properties);
    compareWebXml(webXml, former);
    if (changes.isEmpty()) {
      return;
    }
    takeOut();
    if (properties != null) {
      app.add(PROPERTIES, properties, false);
    }
    app.add(name, content, true);
    if (webXml != null && !Arrays.equals(webXml, former)) {
      if (former == null) {
        app.add(Inspection.WEB_XML, webXml, false);
      } else {
        app.replace(Inspection.WEB_XML, webXml, FORMER_WEB_XML);
      }
    }
  }

  /** Changes the web application in memory to what it was. */
  void uninstall() throws IOException {
    requireUntouched();
    inspection.classes().ourJars().forEach(name -> changes.add("removed  " + name));
    if (ourProperties() != null) {
      changes.add("removed  " + PROPERTIES);
    }
    if (isFormerOutdated()) {
      changes.add("removed  " + FORMER_WEB_XML);
    } else if (app.has(FORMER_WEB_XML)) {
      changes.add("restored " + Inspection.WEB_XML);
    } else if (isWebXmlOurs()) {
      changes.add("removed  " + Inspection.WEB_XML);
    } else if (declaresOurFilter() && !changes.isEmpty()) {
      changes.add(
          "kept     the filter in "
              + Inspection.WEB_XML
              + ", which does not start without the jar");
    }
    takeOut();
  }

  private void takeOut() throws IOException {
    inspection.classes().ourJars().forEach(app::remove);
    if (ourProperties() != null) {
      app.remove(PROPERTIES);
    }
    if (isFormerOutdated()) {
      app.remove(FORMER_WEB_XML);
    } else if (app.has(FORMER_WEB_XML)) {
      app.restore(Inspection.WEB_XML, FORMER_WEB_XML);
    } else if (isWebXmlOurs()) {
      app.remove(Inspection.WEB_XML);
    }
  }

  /** Refuses a web.xml that is neither what was written here nor without what was written here. */
  private void requireUntouched() throws IOException {
    if (!declaresOurFilter()) {
      return;
    }
    byte[] present = app.read(Inspection.WEB_XML);
    if (app.has(FORMER_WEB_XML)) {
      if (!Arrays.equals(present, FilterDeclaration.addTo(app.read(FORMER_WEB_XML)))) {
        throw new UserError(
            Inspection.WEB_XML
                + " was changed since the filter was declared in it, and is not overwritten: take"
                + " the filter carryover and its mapping out of it by hand; then it takes the place"
                + " of "
                + FORMER_WEB_XML);
      }
    } else if (FilterDeclaration.isMarked(present) && !isWebXmlOurs()) {
      throw new UserError(
          Inspection.WEB_XML
              + " was changed since this installer wrote it, and is not overwritten: to keep it as"
              + " your own, take the comment out of it that says who wrote it");
    }
  }

  private boolean declaresOurFilter() {
    return inspection.webXml().filter(WebXml::declaresOurFilter).isPresent();
  }

  /** Whether a newer web.xml has come over the one that the filter was declared in. */
  private boolean isFormerOutdated() {
    return app.has(FORMER_WEB_XML) && !declaresOurFilter();
  }

  private void requireNoThinJar() {
    if (!inspection.classes().thinJars().isEmpty()) {
      throw new UserError(
          String.join(", ", inspection.classes().thinJars())
              + " is Carryover without what it needs, and not from this installer: remove it"
              + " first");
    }
  }

  private void compare(List<String> present, String name, byte @Nullable [] wanted)
      throws IOException {
    for (String other : present) {
      if (!other.equals(name)) {
        changes.add("removed  " + other);
      }
    }
    if (wanted == null) {
      return;
    }
    if (!present.contains(name)) {
      changes.add("added    " + name);
    } else if (!Arrays.equals(app.read(name), wanted)) {
      changes.add("replaced " + name);
    }
  }

  private void compareWebXml(byte @Nullable [] wanted, byte @Nullable [] former)
      throws IOException {
    byte[] present = app.has(Inspection.WEB_XML) ? app.read(Inspection.WEB_XML) : null;
    if (!Arrays.equals(present, wanted)) {
      changes.add("declared the filter in " + Inspection.WEB_XML);
      if (!inspection.signatures().isEmpty() && former != null) {
        throw new UserError(
            String.join(", ", inspection.signatures())
                + " signs "
                + Inspection.WEB_XML
                + ", where the filter has to be declared: install first, then sign");
      }
    }
  }

  private boolean isToBeDeclared(byte @Nullable [] former, boolean declare) {
    boolean wasDeclared = app.has(FORMER_WEB_XML) || isOurs(former) || isWebXmlOurs();
    if (former == null) {
      return declare || wasDeclared;
    }
    WebXml webXml = WebXml.parse(former);
    return !webXml.declaresOurFilter() && (declare || wasDeclared || webXml.leavesUnnamedJarsOut());
  }

  private static boolean isOurs(byte @Nullable [] webXml) {
    return webXml != null && FilterDeclaration.isOurs(webXml);
  }

  private static byte[] declared(byte @Nullable [] former, ServletApi api) {
    return former == null ? FilterDeclaration.alone(api) : FilterDeclaration.addTo(former);
  }

  /** The web.xml as it was before; null if there was none. */
  private byte @Nullable [] formerWebXml() throws IOException {
    if (app.has(FORMER_WEB_XML) && !isFormerOutdated()) {
      return app.read(FORMER_WEB_XML);
    }
    return app.has(Inspection.WEB_XML) && !isWebXmlOurs() ? app.read(Inspection.WEB_XML) : null;
  }

  private boolean isWebXmlOurs() {
    try {
      return app.has(Inspection.WEB_XML) && FilterDeclaration.isOurs(app.read(Inspection.WEB_XML));
    } catch (IOException e) {
      throw new UserError(Inspection.WEB_XML + " can't be read: " + e.getMessage(), e);
    }
  }

  /**
   * The properties that were written before; null if there are none, or they are the user's, as
   * they are once there is more in them.
   */
  private byte @Nullable [] ourProperties() throws IOException {
    if (!app.has(PROPERTIES)) {
      return null;
    }
    byte[] content = app.read(PROPERTIES);
    String text = new String(content, StandardCharsets.ISO_8859_1);
    return OURS.matcher(text).matches() ? content : null;
  }

  private byte[] properties(String redisUrl) throws IOException {
    if (app.has(PROPERTIES) && ourProperties() == null) {
      throw new UserError(
          PROPERTIES + " is there already, not from this installer alone: write redis.url into it");
    }
    requireThatItCounts(redisUrl);
    return (MARK + "\nredis.url=" + escaped(redisUrl) + "\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Beside what web.xml has, which is stronger. Of other keys it may have what only the container
   * can read, such as the name of a property.
   */
  private void requireThatItCounts(String redisUrl) {
    ConfigSource option = ConfigSource.commandLine(Map.of("redis.url", redisUrl));
    RedisUrl wanted = SessionConfig.from(List.of(option)).redisUrl();
    Set<ConfigKey> places = Set.of(ConfigKey.REDIS_URL, ConfigKey.REDISSON_CONFIG);
    List<ConfigSource> all = new ArrayList<>();
    WarSettings.ofWebXml(inspection.webXml()).forEach(source -> all.add(source.of(places)));
    all.add(option);
    SessionConfig config = SessionConfig.from(all);
    if (!config.redisUrl().equals(wanted)) {
      throw config.refuse(ConfigKey.REDIS_URL, "overrules --redis-url, expected none there");
    }
  }

  /** As properties files want it. */
  private static String escaped(String value) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        escaped.append("\\\\");
      } else if (c < ' ' || c > '~') {
        escaped.append(String.format("\\u%04X", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
