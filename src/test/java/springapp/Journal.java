package springapp;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What has happened on this node, a line each. */
final class Journal {

  private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();

  private Journal() {}

  static void add(String line) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    LINES.add(loader == Journal.class.getClassLoader() ? line : line + " (foreign class loader)");
  }

  static List<String> lines() {
    return List.copyOf(LINES);
  }
}
