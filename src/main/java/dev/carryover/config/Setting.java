package dev.carryover.config;

import java.util.regex.Pattern;

/** A text that was given for a key, and where it was given. Immutable. */
final class Setting {
  static final String BUILDER = "builder";

  private static final Pattern LINE_FORGING = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

  /** In a key that somebody made up, but would not want to read in a log. */
  private static final Pattern SECRET =
      Pattern.compile("secret|pass?w|pwd|auth|token|credential|key$", Pattern.CASE_INSENSITIVE);

  private final ConfigKey key;
  private final String text;
  private final String source;

  Setting(ConfigKey key, String text, String source) {
    this.key = key;
    this.text = text.strip(); // web.xml is often indented inside param-value
    this.source = source;
  }

  /**
   * The value that the text stands for.
   *
   * @throws ConfigException if it stands for none
   */
  Object parse() {
    try {
      return key.parse(text);
    } catch (IllegalArgumentException e) {
      // Not as the cause: what the JDK's parsers say quotes the text, password and all.
      throw new ConfigException(this + ": " + e.getMessage());
    }
  }

  /** The text without passwords, and without characters that could forge a line in a log. */
  String shown() {
    return onOneLine(key.mask(text));
  }

  /** What can be shown of a text that was given for a key that is unknown. */
  static String shown(String unknownKey, String text) {
    boolean secret = SECRET.matcher(unknownKey).find();
    String masked = text.contains("://") ? RedisUrl.mask(text) : text;
    return secret ? "***" : onOneLine(masked.strip());
  }

  private static String onOneLine(String masked) {
    return LINE_FORGING
        .matcher(masked)
        .replaceAll(found -> String.format("\\\\u%04x", (int) found.group().charAt(0)));
  }

  String source() {
    return source;
  }

  @Override
  public String toString() {
    return key.fullName() + " = \"" + shown() + "\" (" + source + ")";
  }
}
