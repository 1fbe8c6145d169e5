package dev.carryover.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Our figures as Micrometer's meters, which read them when they are looked at. */
final class Meters {

  private final MeterRegistry registry;
  private final NodeMetrics metrics;
  private final List<Tag> tags = new ArrayList<>();
  private final List<Meter> registered = new ArrayList<>();

  private Meters(MeterRegistry registry, NodeMetrics metrics, Map<String, String> tags) {
    this.registry = registry;
    this.metrics = metrics;
    tags.forEach((key, value) -> this.tags.add(Tag.of(key, value)));
  }

  /** See {@link Micrometer#show}. */
  static Runnable register(NodeMetrics metrics, Map<String, String> tags, Iterable<?> candidates) {
    List<Meters> all = new ArrayList<>();
    for (Object candidate : candidates) {
      if (candidate instanceof MeterRegistry) {
        all.add(new Meters((MeterRegistry) candidate, metrics, tags));
      }
    }
    if (all.isEmpty()) {
      all.add(new Meters(Metrics.globalRegistry, metrics, tags));
    }
    all.forEach(Meters::register);
    return () -> all.forEach(Meters::remove);
  }

  private void register() {
    for (Counter counter : Counter.values()) {
      MetricName name = counter.metric();
      registered.add(
          FunctionCounter.builder(name.name(), metrics, all -> all.total(counter))
              .tags(tagsOf(name))
              .baseUnit(name.unit().orElse(null))
              .description(name.description())
              .register(registry));
    }
    for (Timer timer : Timer.values()) {
      MetricName name = timer.metric();
      registered.add(
          FunctionTimer.builder(
                  name.name(),
                  metrics,
                  all -> all.times(timer),
                  all -> all.nanos(timer),
                  TimeUnit.NANOSECONDS)
              .tags(tagsOf(name))
              .description(name.description())
              .register(registry));
    }
    for (Gauge gauge : Gauge.values()) {
      MetricName name = gauge.metric();
      registered.add(
          io.micrometer.core.instrument.Gauge.builder(name.name(), metrics, all -> all.value(gauge))
              .tags(tagsOf(name))
              .baseUnit(name.unit().orElse(null))
              .description(name.description())
              .register(registry));
    }
  }

  private List<Tag> tagsOf(MetricName name) {
    List<Tag> all = new ArrayList<>(tags);
    name.tag().forEach((key, value) -> all.add(Tag.of(key, value)));
    return all;
  }

  private void remove() {
    registered.forEach(registry::remove);
  }
}
