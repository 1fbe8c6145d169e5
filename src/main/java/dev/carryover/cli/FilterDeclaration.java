package dev.carryover.cli;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Our filter as web.xml declares it: before all others, for all dispatches. Everything else in the
 * file stays, to the byte.
 */
final class FilterDeclaration {

  /** Marks a web.xml that is ours as a whole. */
  private static final String MARK = "<!-- Written by Carryover's installer. -->";

  /** What stands before filters in descriptors that have an order. */
  private static final Set<String> BEFORE_FILTERS =
      Set.of(
          "icon",
          "module-name",
          "display-name",
          "description",
          "distributable",
          "context-param",
          "absolute-ordering",
          "deny-uncovered-http-methods",
          "default-context-path",
          "request-character-encoding",
          "response-character-encoding");

  private static final Pattern ENCODING =
      Pattern.compile("^<\\?xml[^>]*encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");

  private final WebXml webXml;
  private final String text;
  private final Outline outline;
  private final String newline;

  private FilterDeclaration(WebXml webXml, String text) {
    this.webXml = webXml;
    this.text = text;
    this.outline = Outline.of(text);
    this.newline = text.contains("\r\n") ? "\r\n" : "\n";
  }

  /**
   * A web.xml with the declaration in it.
   *
   * @throws UserError if the file can't be changed without changing more than that
   */
  static byte[] addTo(byte[] content) {
    WebXml webXml = WebXml.parse(content);
    if (webXml.filterNames().contains("carryover")) {
      throw new UserError(
          "WEB-INF/web.xml has a filter of the name carryover already: declare "
              + WebXml.FILTER_CLASS
              + " by hand, see conf-examples/web.xml");
    }
    int mark = byteOrderMark(content);
    byte[] unmarked = Arrays.copyOfRange(content, mark, content.length);
    Charset charset = charset(content);
    String text = charset.decode(ByteBuffer.wrap(unmarked)).toString();
    if (!Arrays.equals(text.getBytes(charset), unmarked)) {
      throw new UserError("WEB-INF/web.xml is not what its encoding says: " + charset);
    }
    byte[] changed = new FilterDeclaration(webXml, text).declared().getBytes(charset);
    byte[] result = Arrays.copyOf(content, mark + changed.length);
    System.arraycopy(changed, 0, result, mark, changed.length);
    requireDeclared(result);
    return result;
  }

  /** A web.xml with nothing else in it. */
  static byte[] alone(ServletApi api) {
    String namespace =
        api == ServletApi.JAKARTA
            ? "https://jakarta.ee/xml/ns/jakartaee\" version=\"5.0\""
            : "http://xmlns.jcp.org/xml/ns/javaee\" version=\"3.1\"";
    String empty =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + MARK
            + "\n<web-app xmlns=\""
            + namespace
            + ">\n</web-app>\n";
    return addTo(empty.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether it is as {@link #alone} made it. */
  static boolean isOurs(byte[] webXml) {
    return Arrays.stream(ServletApi.values()).anyMatch(api -> Arrays.equals(webXml, alone(api)));
  }

  /** Whether {@link #alone} made it, whatever has become of it since. */
  static boolean isMarked(byte[] webXml) {
    return new String(webXml, StandardCharsets.ISO_8859_1).contains(MARK);
  }

  private static void requireDeclared(byte[] changed) {
    WebXml read = WebXml.parse(changed);
    if (!read.filterClasses().get(0).equals(WebXml.FILTER_CLASS)) {
      throw new UserError(
          "The place for the filter was not found in WEB-INF/web.xml: declare "
              + WebXml.FILTER_CLASS
              + " by hand, see conf-examples/web.xml");
    }
  }

  private String declared() {
    if (outline.rootEnd() < 0) {
      int slash = text.lastIndexOf('/', outline.rootStartEnd());
      return text.substring(0, slash)
          + '>'
          + newline
          + indented(filter())
          + indented(mapping())
          + "</"
          + outline.rootName()
          + '>'
          + text.substring(outline.rootStartEnd());
    }
    int filterAt = filterPlace();
    int mappingAt = mappingPlace(filterAt);
    return text.substring(0, filterAt)
        + indented(filter())
        + text.substring(filterAt, mappingAt)
        + indented(mapping())
        + text.substring(mappingAt);
  }

  private int filterPlace() {
    return lineStart(
        outline.elements().stream()
            .filter(element -> !BEFORE_FILTERS.contains(element.name))
            .filter(element -> !hasFilters() || element.name.equals("filter"))
            .mapToInt(element -> element.start)
            .findFirst()
            .orElse(outline.rootEnd()));
  }

  private boolean hasFilters() {
    return outline.elements().stream().anyMatch(element -> element.name.equals("filter"));
  }

  private int mappingPlace(int filterAt) {
    int first =
        outline.elements().stream()
            .filter(element -> element.name.equals("filter-mapping"))
            .mapToInt(element -> element.start)
            .findFirst()
            .orElse(-1);
    if (first >= 0) {
      // Whatever order they have: a declaration may follow its mapping.
      return Math.max(lineStart(first), filterAt);
    }
    return outline.elements().stream()
        .filter(element -> element.name.equals("filter"))
        .mapToInt(element -> lineEnd(element.end))
        .max()
        .orElse(filterAt);
  }

  /** The beginning of the line, if nothing but blanks stands before the place. */
  private int lineStart(int place) {
    int start = place;
    while (start > 0 && (text.charAt(start - 1) == ' ' || text.charAt(start - 1) == '\t')) {
      start--;
    }
    return start > 0 && text.charAt(start - 1) == '\n' ? start : place;
  }

  private int lineEnd(int place) {
    return text.startsWith(newline, place) ? place + newline.length() : place;
  }

  private String filter() {
    String support = webXml.isAtLeast(3.0) ? "  <async-supported>true</async-supported>\n" : "";
    return "<filter>\n"
        + "  <filter-name>carryover</filter-name>\n"
        + "  <filter-class>"
        + WebXml.FILTER_CLASS
        + "</filter-class>\n"
        + support
        + "</filter>\n";
  }

  private String mapping() {
    StringBuilder mapping =
        new StringBuilder("<filter-mapping>\n")
            .append("  <filter-name>carryover</filter-name>\n")
            .append("  <url-pattern>/*</url-pattern>\n");
    for (String dispatcher : dispatchers()) {
      mapping.append("  <dispatcher>").append(dispatcher).append("</dispatcher>\n");
    }
    return mapping.append("</filter-mapping>\n").toString();
  }

  private List<String> dispatchers() {
    if (webXml.isAtLeast(3.0)) {
      return List.of("REQUEST", "FORWARD", "INCLUDE", "ERROR", "ASYNC");
    }
    return webXml.isAtLeast(2.4) ? List.of("REQUEST", "FORWARD", "INCLUDE", "ERROR") : List.of();
  }

  private String indented(String element) {
    int colon = outline.rootName().indexOf(':');
    String prefix = outline.rootName().substring(0, colon + 1);
    return element
        .replaceAll("(?m)^", "  ")
        .replaceFirst(" +$", "")
        .replaceAll("(</?)(?=[a-z])", "$1" + Matcher.quoteReplacement(prefix))
        .replace("\n", newline);
  }

  private static int byteOrderMark(byte[] content) {
    if (startsWith(content, 0xEF, 0xBB, 0xBF)) {
      return 3;
    }
    return startsWith(content, 0xFE, 0xFF) || startsWith(content, 0xFF, 0xFE) ? 2 : 0;
  }

  private static Charset charset(byte[] content) {
    if (startsWith(content, 0xFE, 0xFF) || startsWith(content, 0, '<')) {
      return StandardCharsets.UTF_16BE;
    }
    if (startsWith(content, 0xFF, 0xFE) || startsWith(content, '<', 0)) {
      return StandardCharsets.UTF_16LE;
    }
    Matcher declared =
        ENCODING.matcher(
            new String(
                content,
                byteOrderMark(content),
                Math.min(200, content.length - byteOrderMark(content)),
                StandardCharsets.ISO_8859_1));
    try {
      return declared.find() ? Charset.forName(declared.group(1)) : StandardCharsets.UTF_8;
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new UserError("WEB-INF/web.xml has an encoding that is unknown here", e);
    }
  }

  private static boolean startsWith(byte[] content, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (content.length <= i || (content[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
