package dev.carryover.metrics;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The figures of one web application on this node. Counting allocates nothing and lets no thread
 * wait for another. Thread-safe.
 */
public final class NodeMetrics implements SessionMetrics {

  // Filled once, by the constructor.
  private final Map<Counter, LongAdder> counts = adders(Counter.class);
  private final Map<Timer, LongAdder> times = adders(Timer.class);
  private final Map<Timer, LongAdder> nanos = adders(Timer.class);

  private final Map<Gauge, LongSupplier> gauges = new ConcurrentHashMap<>();

  @Override
  public void count(Counter counter, long more) {
    of(counts, counter).add(more);
  }

  @Override
  public void time(Timer timer, long nanosTaken) {
    of(times, timer).increment();
    of(nanos, timer).add(nanosTaken);
  }

  @Override
  public void watch(Gauge gauge, LongSupplier value) {
    gauges.put(gauge, value);
  }

  /** How often it has happened. */
  public long total(Counter counter) {
    return of(counts, counter).sum();
  }

  /** How often it was timed. */
  public long times(Timer timer) {
    return of(times, timer).sum();
  }

  /** How long it has taken in all. */
  public long nanos(Timer timer) {
    return of(nanos, timer).sum();
  }

  /** The value now; 0 where nobody tells it. */
  public long value(Gauge gauge) {
    LongSupplier value = gauges.get(gauge);
    return value == null ? 0 : value.getAsLong();
  }

  private static <E extends Enum<E>> LongAdder of(Map<E, LongAdder> adders, E figure) {
    return requireNonNull(adders.get(figure));
  }

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> figures) {
    Map<E, LongAdder> adders = new EnumMap<>(figures);
    for (E figure : requireNonNull(figures.getEnumConstants())) {
      adders.put(figure, new LongAdder());
    }
    return adders;
  }
}
