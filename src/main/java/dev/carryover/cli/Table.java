package dev.carryover.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Lines of words, one below the other. */
final class Table {

  private static final String BETWEEN = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heads) {
    rows.add(List.of(heads));
  }

  void add(List<String> row) {
    List<String> printable = new ArrayList<>();
    // What comes from a session may steer a terminal.
    row.forEach(word -> printable.add(word.replaceAll("[\\p{Cc}\\p{Cf}]", "?")));
    rows.add(printable);
  }

  void print(PrintWriter out) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns - 1; i++) {
        String word = row.get(i);
        line.append(word).append(" ".repeat(widths[i] - word.length())).append(BETWEEN);
      }
      out.println(line.append(row.get(columns - 1)));
    }
  }
}
