package dev.carryover.metrics;

import java.util.Map;
import java.util.Optional;

/**
 * How a figure is known outside: a name as Micrometer writes it, such as {@code carryover.opens},
 * perhaps with one tag that tells it from others of that name, and a sentence about it. Immutable.
 */
public final class MetricName {

  private static final String PREFIX = "carryover.";

  private final String name;
  private final Map<String, String> tag;
  private final String unit;
  private final String description;

  private MetricName(String name, Map<String, String> tag, String unit, String description) {
    this.name = PREFIX + name;
    this.tag = tag;
    this.unit = unit;
    this.description = description;
  }

  static MetricName of(String name, String description) {
    return new MetricName(name, Map.of(), "", description);
  }

  /** One of several figures of a name, which add up. */
  MetricName tagged(String key, String value) {
    return new MetricName(name.substring(PREFIX.length()), Map.of(key, value), unit, description);
  }

  MetricName in(String newUnit) {
    return new MetricName(name.substring(PREFIX.length()), tag, newUnit, description);
  }

  /** With dots, beginning with {@code carryover.}. */
  public String name() {
    return name;
  }

  /** Its tag, or nothing. */
  public Map<String, String> tag() {
    return tag;
  }

  /** What is counted, if it is no number of things: {@code bytes}. */
  public Optional<String> unit() {
    return unit.isEmpty() ? Optional.empty() : Optional.of(unit);
  }

  /** A sentence without its full stop. */
  public String description() {
    return description;
  }

  @Override
  public String toString() {
    return name + (tag.isEmpty() ? "" : tag.toString());
  }
}
