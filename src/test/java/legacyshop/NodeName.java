package legacyshop;

import jakarta.servlet.ServletContext;

/** The name of the machine this runs on, as its administrator set it. */
final class NodeName {

  private static final String KEY = "shop.node";

  private NodeName() {}

  /** Returns the context parameter, else the system property {@code shop.node}, else "?". */
  static String of(ServletContext context) {
    String parameter = context.getInitParameter(KEY);
    return parameter != null ? parameter : System.getProperty(KEY, "?");
  }
}
