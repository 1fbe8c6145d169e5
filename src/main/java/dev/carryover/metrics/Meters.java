package dev.carryover.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

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
    try {
      all.forEach(Meters::register);
    } catch (RuntimeException | LinkageError e) {
      all.forEach(Meters::remove);
      throw e;
    }
    return () -> all.forEach(Meters::remove);
  }

  private void register() {
    Set<Meter> others = present();
    for (Counter counter : Counter.values()) {
      MetricName name = counter.metric();
      register(
          others,
          FunctionCounter.builder(name.name(), metrics, all -> all.total(counter))
                  .tags(tagsOf(name))
                  .baseUnit(name.unit().orElse(null))
                  .description(name.description())
              ::register);
    }
    for (Timer timer : Timer.values()) {
      MetricName name = timer.metric();
      register(
          others,
          FunctionTimer.builder(
                      name.name(),
                      metrics,
                      all -> all.times(timer),
                      all -> all.nanos(timer),
                      TimeUnit.NANOSECONDS)
                  .tags(tagsOf(name))
                  .description(name.description())
              ::register);
    }
    for (Gauge gauge : Gauge.values()) {
      MetricName name = gauge.metric();
      register(
          others,
          io.micrometer.core.instrument.Gauge.builder(name.name(), metrics, all -> all.value(gauge))
                  .tags(tagsOf(name))
                  .baseUnit(name.unit().orElse(null))
                  .description(name.description())
              ::register);
    }
  }

  private List<Tag> tagsOf(MetricName name) {
    List<Tag> all = new ArrayList<>(tags);
    name.tag().forEach((key, value) -> all.add(Tag.of(key, value)));
    return all;
  }

  /** Where another version of the web application has this meter, the last one to come takes it. */
  private void register(Set<Meter> others, Function<MeterRegistry, Meter> meter) {
    Meter made = meter.apply(registry);
    if (others.contains(made)) {
      registry.remove(made);
      made = meter.apply(registry);
    }
    registered.add(made);
  }

  private void remove() {
    Set<Meter> present = present();
    registered.stream().filter(present::contains).forEach(registry::remove);
  }

  /** What is there, by identity: meters of the same name are equal. */
  private Set<Meter> present() {
    Set<Meter> present = Collections.newSetFromMap(new IdentityHashMap<>());
    present.addAll(registry.getMeters());
    return present;
  }
}
