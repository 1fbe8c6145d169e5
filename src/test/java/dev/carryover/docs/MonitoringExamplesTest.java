package dev.carryover.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.Micrometer;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.metrics.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The examples for Prometheus and Grafana, against what a Prometheus registry shows of us. */
class MonitoringExamplesTest {

  private static final Path EXAMPLES = Path.of("conf-examples");
  private static final Pattern METRIC = Pattern.compile("\\bcarryover_\\w+");
  private static final Pattern TAG = Pattern.compile("(\\w+)=~?\"([^\"$]*)\"");

  private final String scrape = scrape();

  private static String scrape() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Micrometer.show(
        new NodeMetrics(), Map.of("namespace", "shop", "context", "/shop"), List.of(registry));
    return registry.scrape();
  }

  @Test
  void alertsWatchMetricsThatExist() throws IOException {
    Map<String, Object> rules = new Yaml().load(read("prometheus-alerts.yaml"));
    List<Map<String, Object>> alerts = new ArrayList<>();
    list(rules.get("groups")).forEach(group -> alerts.addAll(list(group.get("rules"))));
    assertThat(alerts).hasSizeGreaterThan(4);
    for (Map<String, Object> alert : alerts) {
      assertThat(alert).containsKeys("alert", "expr", "labels", "annotations");
      assertExpression((String) alert.get("expr"));
    }
  }

  @Test
  void dashboardShowsMetricsThatExist() throws IOException, JsonParserException {
    JsonObject dashboard = JsonParser.object().from(read("grafana-dashboard.json"));
    List<String> expressions = new ArrayList<>();
    Set<String> places = new TreeSet<>();
    for (Object each : dashboard.getArray("panels")) {
      JsonObject panel = (JsonObject) each;
      assertThat(panel.getString("title")).isNotEmpty();
      assertThat(places.add(panel.getObject("gridPos").toString())).isTrue();
      panel
          .getArray("targets")
          .forEach(target -> expressions.add(((JsonObject) target).getString("expr")));
    }
    assertThat(expressions).hasSizeGreaterThan(15).allSatisfy(this::assertExpression);
    assertThat(dashboard.getObject("templating").toString())
        .contains("label_values(carryover_opens_total, namespace)");
  }

  /** Nothing that is counted is forgotten there. */
  @Test
  void dashboardLeavesNoFigureOut() throws IOException {
    Set<String> shown = metricsIn(read("grafana-dashboard.json"));
    Set<String> figures =
        Stream.of(
                Stream.of(Counter.values()).map(figure -> figure.metric().name()),
                Stream.of(Timer.values()).map(figure -> figure.metric().name()),
                Stream.of(Gauge.values()).map(figure -> figure.metric().name()))
            .flatMap(names -> names)
            .map(name -> name.replace('.', '_'))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(figures)
        .allMatch(figure -> shown.stream().anyMatch(metric -> metric.startsWith(figure)));
  }

  @Test
  void prometheusTakesTheAlerts() throws IOException {
    Map<String, Object> config = new Yaml().load(read("prometheus.yaml"));
    assertThat(config.get("rule_files")).isEqualTo(List.of("prometheus-alerts.yaml"));
    assertThat(list(config.get("scrape_configs")))
        .singleElement()
        .satisfies(scraped -> assertThat(scraped).containsEntry("metrics_path", "/metrics"));
  }

  private void assertExpression(String expression) {
    Set<String> metrics = metricsIn(expression);
    assertThat(metrics).as(expression).isNotEmpty();
    assertThat(metrics).allSatisfy(metric -> assertThat(scrape).containsPattern(line(metric)));
    TAG.matcher(expression)
        .results()
        .filter(tag -> !tag.group(2).isEmpty())
        .forEach(
            tag ->
                assertThat(List.of(tag.group(2).split("\\|")))
                    .as(expression)
                    .allMatch(value -> scrape.contains(tag.group(1) + "=\"" + value + '"')));
    assertThat(expression.chars().filter(c -> c == '(').count())
        .as(expression)
        .isEqualTo(expression.chars().filter(c -> c == ')').count());
  }

  private static String line(String metric) {
    return "(?m)^" + metric + "\\{";
  }

  private static Set<String> metricsIn(String text) {
    return METRIC
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Object value) {
    return (List<Map<String, Object>>) value;
  }

  private static String read(String file) throws IOException {
    return Files.readString(EXAMPLES.resolve(file));
  }
}
