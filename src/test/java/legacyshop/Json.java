package legacyshop;

/** A flat JSON object in the making. */
final class Json {

  private final StringBuilder members = new StringBuilder();

  private Json() {}

  static Json object() {
    return new Json();
  }

  Json put(String name, String value) {
    return member(name, value == null ? "null" : quoted(value));
  }

  Json put(String name, long value) {
    return member(name, Long.toString(value));
  }

  Json put(String name, boolean value) {
    return member(name, Boolean.toString(value));
  }

  @Override
  public String toString() {
    return "{" + members + "}";
  }

  private Json member(String name, String json) {
    members.append(members.length() == 0 ? "" : ",").append(quoted(name)).append(':').append(json);
    return this;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
