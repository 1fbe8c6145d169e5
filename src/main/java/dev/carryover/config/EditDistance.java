package dev.carryover.config;

/** How many typing slips lie between two words: letters added, dropped, replaced or swapped. */
final class EditDistance {
  private final String from;
  private final String to;
  private final int[][] distances;

  private EditDistance(String from, String to) {
    this.from = from;
    this.to = to;
    this.distances = new int[from.length() + 1][to.length() + 1];
  }

  static int between(String from, String to) {
    return new EditDistance(from, to).compute();
  }

  private int compute() {
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        distances[i][j] = cell(i, j);
      }
    }
    return distances[from.length()][to.length()];
  }

  private int cell(int i, int j) {
    if (i == 0 || j == 0) {
      return i + j;
    }
    int replaced = distances[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
    int addedOrDropped = 1 + Math.min(distances[i - 1][j], distances[i][j - 1]);
    int best = Math.min(replaced, addedOrDropped);
    return swapped(i, j) ? Math.min(best, distances[i - 2][j - 2] + 1) : best;
  }

  private boolean swapped(int i, int j) {
    return i > 1
        && j > 1
        && from.charAt(i - 1) == to.charAt(j - 2)
        && from.charAt(i - 2) == to.charAt(j - 1);
  }
}
