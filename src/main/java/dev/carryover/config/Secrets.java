package dev.carryover.config;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The secrets that sessions are sealed with: the first is for writing, all are for reading. {@value
 * #UNSEALED} among them stands for sessions that are not sealed. Immutable; shows no secret.
 */
public final class Secrets {
  /** The element that stands for plain sessions. */
  public static final String UNSEALED = "none";

  /** Sessions are neither sealed nor read if they are. */
  static final Secrets NONE = new Secrets(List.of(UNSEALED));

  private static final int SHORTEST = 16;
  private static final int FEWEST_CHARACTERS = 8;

  static final String EXPECTED =
      "secrets of at least "
          + SHORTEST
          + " characters, "
          + FEWEST_CHARACTERS
          + " of them different, each given once; "
          + UNSEALED
          + " for unsealed sessions";

  private static final String SEPARATOR = ",";
  private static final String MASKED = "***";

  private final List<String> inOrder;

  private Secrets(List<String> inOrder) {
    this.inOrder = inOrder;
  }

  /**
   * Reads secrets with commas between them.
   *
   * @throws IllegalArgumentException if one is too weak or there twice; quotes nothing
   */
  static Secrets parse(String text) {
    return of(elements(text));
  }

  /**
   * Takes a secret a line; blank lines are none. Comments are not known, so that none becomes a
   * secret.
   *
   * @throws IllegalArgumentException as {@link #parse}
   */
  static Secrets ofLines(List<String> lines) {
    if (lines.stream().anyMatch(line -> line.strip().startsWith("#"))) {
      throw new IllegalArgumentException("expected " + EXPECTED + ", none that begins with #");
    }
    return of(lines.stream().map(String::strip).filter(line -> !line.isEmpty()));
  }

  private static Secrets of(Stream<String> texts) {
    List<String> inOrder = texts.collect(Collectors.toUnmodifiableList());
    boolean allGood = inOrder.stream().allMatch(text -> isUnsealed(text) || isStrong(text));
    boolean unique = new HashSet<>(inOrder).size() == inOrder.size();
    if (inOrder.isEmpty() || !allGood || !unique) {
      throw new IllegalArgumentException("expected " + EXPECTED);
    }
    return new Secrets(inOrder);
  }

  private static boolean isUnsealed(String text) {
    return text.equals(UNSEALED);
  }

  private static boolean isStrong(String text) {
    return text.length() >= SHORTEST && text.chars().distinct().count() >= FEWEST_CHARACTERS;
  }

  /** Shows how many secrets there are and in which order, but none of them. */
  static String mask(String text) {
    return elements(text)
        .map(element -> isUnsealed(element) ? element : MASKED)
        .collect(Collectors.joining(SEPARATOR));
  }

  private static Stream<String> elements(String text) {
    return Stream.of(text.split(SEPARATOR, -1)).map(String::strip);
  }

  /** The secrets, that for writing first; {@link #UNSEALED} stands for none. */
  public List<String> inOrder() {
    return inOrder;
  }

  /** Whether no session is read that is not sealed. */
  public boolean sealAll() {
    return !inOrder.contains(UNSEALED);
  }

  @Override
  public String toString() {
    return mask(String.join(SEPARATOR, inOrder));
  }
}
