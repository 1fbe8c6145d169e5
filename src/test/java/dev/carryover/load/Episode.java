package dev.carryover.load;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One fault, and what clients saw of it.
 *
 * @param second of the run when it began
 * @param refused requests, with a 503
 * @param lost requests that nobody answered
 * @param longestWaitMillis of one who was refused or not answered
 * @param lastFailureMillis from its end to the last request that failed; 0 if none did after it
 * @param medianBeforeMicros of the times to an answer
 * @param medianAfterMicros the same, from five seconds after its end on
 */
record Episode(
    Fault fault,
    long second,
    long refused,
    long lost,
    long longestWaitMillis,
    long lastFailureMillis,
    long medianBeforeMicros,
    long medianAfterMicros) {

  /** How many times as long as before answers may take, and how much longer in any case. */
  private static final int FACTOR = 10;

  private static final long SLACK_MICROS = 50_000;

  boolean isBackToNormal() {
    return medianAfterMicros <= medianBeforeMicros * FACTOR + SLACK_MICROS;
  }

  Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("fault", fault.title);
    figures.put("second", second);
    figures.put("refused", refused);
    figures.put("lost", lost);
    figures.put("longestWaitMillis", longestWaitMillis);
    figures.put("lastFailureMillis", lastFailureMillis);
    figures.put("medianBeforeMicros", medianBeforeMicros);
    figures.put("medianAfterMicros", medianAfterMicros);
    return figures;
  }

  @Override
  public String toString() {
    return String.format(
        "%5d s  %-36s %6d %6d %8d ms %8d ms %8.1f ms %8.1f ms",
        second,
        fault.title,
        refused,
        lost,
        longestWaitMillis,
        lastFailureMillis,
        medianBeforeMicros / 1e3,
        medianAfterMicros / 1e3);
  }
}
