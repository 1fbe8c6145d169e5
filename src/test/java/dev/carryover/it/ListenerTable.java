package dev.carryover.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carryover.testing.Browser;
import dev.carryover.testing.WebContainer;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the listeners of {@code ListenerTableWar} were told during visits, on one or more nodes. */
final class ListenerTable {

  /** A visit: one browser, a request for each line. */
  static final List<List<String>> VISITS =
      List.of(
          List.of("none", "create", "none", "invalidate;none", "none"),
          List.of(
              "set:a=plain:v1;get:a",
              "set:a=plain:v2;same:a;equal:a",
              "null:a;null:a;remove:a",
              "set:a=plain:v3;remove:a;remove:unknown"),
          List.of(
              "set:b=binding:b1",
              "set:b=binding:b2;same:b;equal:b",
              "set:b=plain:p;set:b=binding:b3",
              "null:b",
              "set:b=binding:b4;remove:b"),
          List.of("set:c=activation:c1;set:d=both:d1", "get:c;get:d", "set:d=both:d2;remove:c"),
          List.of("set:a=plain:v1;rotate", "rotate;rotate", "get:a"),
          List.of("set:a=plain:v1;set:b=binding:b1;invalidate;get:a", "none"),
          List.of(
              "set:b=both:b1",
              "invalidate;stale:invalidate;stale:id;stale:get;stale:set;stale:new;stale:created;"
                  + "stale:accessed;stale:names;create"),
          List.of("request:x=1;request:x=2"),
          List.of("set:a=plain:v1", "set:a=plain:v2;dispatch", "get:a;complete", "invalidate"));

  private static final Pattern ID = Pattern.compile("\\{[^}]*}");

  private static final Pattern END = Pattern.compile(" (valueUnbound|attributeRemoved) ");

  private ListenerTable() {}

  /** What all nodes see of the visits, whose requests go to one node after the other. */
  static List<String> of(List<WebContainer> nodes, List<List<String>> visits) {
    List<String> table = new ArrayList<>();
    int requests = 0;
    for (List<String> visit : visits) {
      Browser browser = Browser.browser();
      List<String> lines = new ArrayList<>();
      for (String script : visit) {
        WebContainer node = nodes.get(requests++ % nodes.size());
        lines.add("== " + script + " : " + status(browser, node, script));
        for (WebContainer listening : nodes) {
          lines.addAll(browser.get(listening.uri("/events")).body().lines().toList());
        }
      }
      nodes.forEach(node -> browser.get(node.uri("/events?reset")));
      table.addAll(numbered(lines));
    }
    return table;
  }

  /** The status of a response, or that there was none: some containers close the connection. */
  private static String status(Browser browser, WebContainer node, String script) {
    try {
      return "" + browser.get(node.uri("/run?script=" + URLEncoder.encode(script, UTF_8))).status();
    } catch (UncheckedIOException e) {
      return "none";
    }
  }

  /** The lines with numbers for the ids of sessions: S1 for the first of a visit. */
  private static List<String> numbered(List<String> lines) {
    Map<String, String> numbers = new HashMap<>();
    return lines.stream()
        .map(
            line ->
                ID.matcher(line)
                    .replaceAll(
                        id ->
                            numbers.computeIfAbsent(
                                id.group(), unknown -> "S" + (numbers.size() + 1))))
        .toList();
  }

  static void print(String title, List<String> left, List<String> right) {
    StringBuilder out = new StringBuilder("\n### ").append(title).append('\n');
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String one = i < left.size() ? left.get(i) : "";
      String other = i < right.size() ? right.get(i) : "";
      out.append("%s %-72s | %s%n".formatted(one.equals(other) ? " " : "*", one, other));
    }
    System.out.println(out);
  }

  /** Where a container's servlet gets another request than the listeners, ours may be theirs. */
  static void allowTheListenersRequest(List<String> expected, List<String> actual) {
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      String better = expected.get(i).replace("another request", "the listeners' request");
      if (actual.get(i).equals(better)) {
        expected.set(i, better);
      }
    }
  }

  /** In which order attributes are unbound at the end of a session is left to chance. */
  static void allowAnyOrderOfTheEnd(List<String> expected, List<String> actual) {
    sortEnds(expected);
    sortEnds(actual);
  }

  private static void sortEnds(List<String> table) {
    for (int i = 1; i < table.size(); i++) {
      int end = i;
      while (end < table.size()
          && table.get(i - 1).contains(" sessionDestroyed ")
          && END.matcher(table.get(end)).find()) {
        end++;
      }
      Collections.sort(table.subList(i, end));
    }
  }
}
