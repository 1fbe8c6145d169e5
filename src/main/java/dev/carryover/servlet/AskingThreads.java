package dev.carryover.servlet;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads in which a container that keeps its logins looks for a request's user: if it asks for
 * a session then, it is for its own. Thread-safe.
 */
final class AskingThreads {

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet(1);

  boolean isThisOne() {
    return threads.contains(Thread.currentThread());
  }

  /** What the container says, while its own session is the one that it gets to see. */
  <T extends @Nullable Object> T asked(Supplier<T> question) {
    boolean isOutermost = begin();
    try {
      return question.get();
    } finally {
      if (isOutermost) {
        end();
      }
    }
  }

  /** The container begins to look, in this thread; false if it has before. */
  boolean begin() {
    return threads.add(Thread.currentThread());
  }

  void end() {
    threads.remove(Thread.currentThread());
  }
}
