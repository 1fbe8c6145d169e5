package dev.carryover.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What clients have seen, counted. Thread-safe. */
final class Tally {

  private static final int MOST_TOLD = 200;

  private final Map<Action, LongAdder> requests = new TreeMap<>();
  final LongAdder refused = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder sessions = new LongAdder();

  /** Sessions whose client does not know whether they have ended, or by which id they live. */
  final LongAdder abandoned = new LongAdder();

  /** Sessions that were asked for and not answered, so that there may be a record of them. */
  final LongAdder unanswered = new LongAdder();

  private final AtomicInteger violations = new AtomicInteger();
  private final List<String> told = new ArrayList<>();
  private final List<long[]> latencies = new ArrayList<>();
  private final AtomicLong longest = new AtomicLong();
  private final AtomicLong lastFailure = new AtomicLong();
  private volatile String fault = "no fault yet";

  Tally() {
    for (Action action : Action.values()) {
      requests.put(action, new LongAdder());
    }
  }

  /** From now on this is what goes on. */
  void during(String now) {
    fault = now;
  }

  void request(Action action) {
    requests.get(action).increment();
  }

  /** An answer of a node to one who needs a session. */
  void answered(long sentAt, long answeredAt) {
    synchronized (latencies) {
      latencies.add(new long[] {answeredAt, answeredAt - sentAt});
    }
  }

  /** A request was refused, or was not answered. */
  void failed(LongAdder count, long sentAt) {
    count.increment();
    long now = System.nanoTime();
    lastFailure.accumulateAndGet(now, Math::max);
    longest.accumulateAndGet(now - sentAt, Math::max);
  }

  /** Something that must not be. */
  void violation(String what) {
    violations.incrementAndGet();
    synchronized (told) {
      if (told.size() < MOST_TOLD) {
        told.add("[" + fault + "] " + what);
      }
    }
  }

  int violations() {
    return violations.get();
  }

  List<String> told() {
    synchronized (told) {
      return List.copyOf(told);
    }
  }

  Map<Action, Long> requests() {
    Map<Action, Long> sums = new TreeMap<>();
    requests.forEach((action, sum) -> sums.put(action, sum.sum()));
    return sums;
  }

  long allRequests() {
    return requests().values().stream().mapToLong(Long::longValue).sum();
  }

  /** The longest that one who was refused had waited, since this was asked last. */
  long takeLongestWait() {
    return longest.getAndSet(0);
  }

  /** When a request failed last. */
  long lastFailure() {
    return lastFailure.get();
  }

  /** The median of the times that answers took between two moments; -1 without any. */
  long medianNanos(long from, long until) {
    long[] nanos;
    synchronized (latencies) {
      nanos =
          latencies.stream()
              .filter(answer -> answer[0] - from >= 0 && until - answer[0] >= 0)
              .mapToLong(answer -> answer[1])
              .sorted()
              .toArray();
    }
    return nanos.length == 0 ? -1 : nanos[nanos.length / 2];
  }

  /** Forgets the times of answers before this moment. */
  void forgetBefore(long moment) {
    synchronized (latencies) {
      latencies.removeIf(answer -> answer[0] - moment < 0);
    }
  }

  @Override
  public String toString() {
    return Arrays.asList(allRequests(), refused, lost, violations).toString();
  }
}
