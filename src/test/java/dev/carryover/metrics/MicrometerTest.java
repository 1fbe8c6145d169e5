package dev.carryover.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our figures in Micrometer's registries. */
class MicrometerTest {

  private static final Map<String, String> SHOP = Map.of("namespace", "shop", "context", "/shop");

  private final NodeMetrics metrics = new NodeMetrics();

  @Test
  void everyFigureIsAMeterWithTheWebApplicationsTags() {
    MeterRegistry registry = new SimpleMeterRegistry();
    Micrometer.show(metrics, SHOP, List.of("anything else", registry));
    assertThat(registry.getMeters())
        .hasSize(Counter.values().length + Timer.values().length + Gauge.values().length)
        .allMatch(meter -> "shop".equals(meter.getId().getTag("namespace")))
        .allMatch(meter -> meter.getId().getDescription() != null);
  }

  @Test
  void metersTellWhatWasCounted() {
    MeterRegistry registry = new SimpleMeterRegistry();
    Micrometer.show(metrics, SHOP, List.of(registry));
    metrics.count(Counter.COMMITS_DROPPED);
    metrics.count(Counter.COMMITS_DROPPED, 2);
    metrics.time(Timer.CALL_OPEN, TimeUnit.MILLISECONDS.toNanos(5));
    metrics.watch(Gauge.REDIS_AWAY, () -> 1);
    assertThat(registry.get("carryover.commits").tag("result", "dropped").functionCounter().count())
        .isEqualTo(3);
    assertThat(registry.get("carryover.redis.away").gauge().value()).isEqualTo(1);
    assertThat(
            registry
                .get("carryover.redis.calls")
                .tag("operation", "open")
                .functionTimer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(5);
  }

  @Test
  void prometheusTakesAllOfThem() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Micrometer.show(metrics, SHOP, List.of(registry));
    metrics.count(Counter.OPENS_UNCHANGED);
    assertThat(registry.scrape())
        .contains(
            "carryover_opens_total{context=\"/shop\",namespace=\"shop\",result=\"unchanged\"} 1.0")
        .contains("carryover_redis_away{")
        .contains("carryover_redis_calls_seconds_count{")
        .contains("carryover_redis_bytes_total{");
  }

  @Test
  void withoutARegistryOfTheApplicationsTheGlobalOneHasThemUntilTheEnd() {
    Runnable hide = Micrometer.show(metrics, SHOP, List.of());
    assertThat(ours()).isNotEmpty();
    Runnable hideOther = Micrometer.show(metrics, Map.of("namespace", "b"), List.of());
    hide.run();
    assertThat(ours())
        .isNotEmpty()
        .allMatch(meter -> "b".equals(meter.getId().getTag("namespace")));
    hideOther.run();
    assertThat(ours()).isEmpty();
  }

  /** The web application starts all the same. */
  @Test
  void registryThatThrowsHasNoFigures() {
    MeterRegistry registry = new SimpleMeterRegistry();
    registry
        .config()
        .meterFilter(
            new MeterFilter() {
              private int meters;

              @Override
              public MeterFilterReply accept(Meter.Id id) {
                if (++meters == 3) {
                  throw new IllegalArgumentException("no more");
                }
                return MeterFilterReply.NEUTRAL;
              }
            });
    Micrometer.show(metrics, SHOP, List.of(registry)).run();
    assertThat(registry.getMeters()).isEmpty();
  }

  static Stream<MeterRegistry> registries() {
    return Stream.of(
        new SimpleMeterRegistry(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        new CompositeMeterRegistry(Clock.SYSTEM, List.of(new SimpleMeterRegistry())));
  }

  /** As in Tomcat's parallel deployment, {@code shop##1} and {@code shop##2}. */
  @ParameterizedTest
  @MethodSource("registries")
  void versionOfAnApplicationThatComesLastIsShownUntilItsEnd(MeterRegistry registry) {
    Runnable hideFormer = Micrometer.show(metrics, SHOP, List.of(registry));
    NodeMetrics later = new NodeMetrics();
    Runnable hideLater = Micrometer.show(later, SHOP, List.of(registry));
    later.count(Counter.COMMITS_DROPPED);
    int meters = registry.getMeters().size();
    hideFormer.run();
    assertThat(registry.getMeters()).hasSize(meters);
    assertThat(registry.get("carryover.commits").tag("result", "dropped").functionCounter().count())
        .isEqualTo(1);
    hideLater.run();
    assertThat(registry.getMeters()).isEmpty();
  }

  /** As in most applications; other classes of ours are there. */
  @Test
  void whereThereIsNoMicrometerNothingIsLookedForButOneClass() throws Exception {
    List<String> lookedFor = new ArrayList<>();
    ClassLoader without =
        new ClassLoader(getClass().getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.micrometer.")) {
              lookedFor.add(name);
              throw new ClassNotFoundException(name);
            }
            return name.startsWith("dev.carryover.metrics.")
                ? define(name)
                : super.loadClass(name, resolve);
          }

          private Class<?> define(String name) throws ClassNotFoundException {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
              return known;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
              byte[] bytes = in.readAllBytes();
              return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
              throw new ClassNotFoundException(name, e);
            }
          }
        };
    Class<?> foreign = without.loadClass(Micrometer.class.getName());
    Class<?> figures = without.loadClass(NodeMetrics.class.getName());
    Object hide =
        foreign
            .getMethod("show", figures, Map.class, Iterable.class)
            .invoke(null, figures.getConstructor().newInstance(), SHOP, List.of());
    ((Runnable) hide).run();
    assertThat(lookedFor).containsExactly("io.micrometer.core.instrument.MeterRegistry");
  }

  private static List<Meter> ours() {
    return Metrics.globalRegistry.getMeters().stream()
        .filter(meter -> meter.getId().getName().startsWith("carryover."))
        .toList();
  }
}
