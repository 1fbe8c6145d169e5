package dev.carryover.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in a well-formed XML text the elements right below its root stand, to the character.
 * Parsers tell that only roughly, and one that writes what it has read changes more than it was
 * asked to.
 */
final class Outline {

  /** An element below the root. */
  static final class Element {
    /** Its name without prefix. */
    final String name;

    /** The offset of its {@code <}. */
    final int start;

    /** The offset behind its last {@code >}. */
    int end;

    Element(String name, int start) {
      this.name = name;
      this.start = start;
    }
  }

  private final String text;
  private final List<Element> elements = new ArrayList<>();
  private String rootName = "";
  private int rootStartEnd;
  private int rootEnd = -1;
  private int depth;

  private Outline(String text) {
    this.text = text;
  }

  static Outline of(String text) {
    Outline outline = new Outline(text);
    outline.scan();
    return outline;
  }

  List<Element> elements() {
    return elements;
  }

  /** The root's name, with its prefix. */
  String rootName() {
    return rootName;
  }

  /** The offset behind the root's start tag. */
  int rootStartEnd() {
    return rootStartEnd;
  }

  /** The offset of the root's end tag; -1 if the root is one empty tag. */
  int rootEnd() {
    return rootEnd;
  }

  private void scan() {
    int at = text.indexOf('<');
    while (at >= 0) {
      at = text.indexOf('<', markup(at));
    }
  }

  /** Takes what begins here, and returns the offset behind it. */
  private int markup(int at) {
    if (text.startsWith("<!--", at)) {
      return behind("-->", at + 4);
    }
    if (text.startsWith("<![CDATA[", at)) {
      return behind("]]>", at);
    }
    if (text.startsWith("<?", at)) {
      return behind("?>", at);
    }
    if (text.startsWith("<!", at)) {
      return documentType(at);
    }
    return text.startsWith("</", at) ? endTag(at) : startTag(at);
  }

  private int startTag(int at) {
    int end = tagEnd(at);
    boolean empty = text.charAt(end - 2) == '/';
    String name = nameAt(at + 1);
    if (depth == 0) {
      rootName = name;
      rootStartEnd = end;
    } else if (depth == 1) {
      Element element = new Element(name.substring(name.indexOf(':') + 1), at);
      element.end = end;
      elements.add(element);
    }
    depth += empty ? 0 : 1;
    return end;
  }

  private int endTag(int at) {
    depth--;
    int end = behind(">", at);
    if (depth == 0) {
      rootEnd = at;
    } else if (depth == 1) {
      elements.get(elements.size() - 1).end = end;
    }
    return end;
  }

  private String nameAt(int start) {
    int end = start;
    while (" \t\r\n/>".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return text.substring(start, end);
  }

  private int tagEnd(int at) {
    for (int i = at; ; i++) {
      char c = text.charAt(i);
      if (c == '>') {
        return i + 1;
      }
      if (c == '"' || c == '\'') {
        i = text.indexOf(c, i + 1);
      }
    }
  }

  private int documentType(int at) {
    boolean inSubset = false;
    int i = at + 2;
    while (true) {
      char c = text.charAt(i);
      if (c == '>' && !inSubset) {
        return i + 1;
      }
      inSubset = c == '[' || (inSubset && c != ']');
      if (text.startsWith("<!--", i)) {
        i = behind("-->", i + 4);
      } else if (text.startsWith("<?", i)) {
        i = behind("?>", i);
      } else if (c == '"' || c == '\'') {
        i = text.indexOf(c, i + 1) + 1;
      } else {
        i++;
      }
    }
  }

  private int behind(String mark, int from) {
    return text.indexOf(mark, from) + mark.length();
  }
}
