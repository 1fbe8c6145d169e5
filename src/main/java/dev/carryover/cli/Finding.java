package dev.carryover.cli;

/** One thing that the doctor has looked at. */
final class Finding {

  /** How it is; the order is that of gravity. */
  enum Level {
    OK("ok"),
    /** Good to know. */
    NOTE("note"),
    /** It works, but sessions may be lost or read by others. */
    WARN("WARN"),
    /** It does not work. */
    FAIL("FAIL");

    private final String label;

    Level(String label) {
      this.label = label;
    }
  }

  final Level level;
  private final String topic;
  private final String text;
  private final String remedy;

  private Finding(Level level, String topic, String text, String remedy) {
    this.level = level;
    this.topic = topic;
    this.text = text;
    this.remedy = remedy;
  }

  static Finding ok(String topic, String text) {
    return new Finding(Level.OK, topic, text, "");
  }

  /** Something else than in order, with what to do. */
  static Finding of(Level level, String topic, String text, String remedy) {
    return new Finding(level, topic, text, remedy);
  }

  @Override
  public String toString() {
    String line = String.format("%-4s  %-12s %s", level.label, topic, text);
    return remedy.isEmpty() ? line : line + String.format("%n%19s-> %s", "", remedy);
  }
}
