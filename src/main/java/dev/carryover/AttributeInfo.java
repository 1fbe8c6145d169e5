package dev.carryover;

/** What {@link Carryover} tells of a session's attribute, but its value. Immutable. */
public final class AttributeInfo {

  private final String name;
  private final String type;
  private final int bytes;

  AttributeInfo(String name, String type, int bytes) {
    this.name = name;
    this.type = type;
    this.bytes = bytes;
  }

  /** {@return the attribute's name} */
  public String name() {
    return name;
  }

  /**
   * {@return the name of the value's class; {@code sealed} or {@code unreadable} of what can't be
   * read}
   */
  public String type() {
    return type;
  }

  /** {@return how many bytes the encoded value has} */
  public int bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return name + ": " + type + ", " + bytes + " bytes";
  }
}
