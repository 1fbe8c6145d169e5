package dev.carryover.bench.web;

import dev.carryover.testing.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one contender did with one workload: in one round, or the medians of several.
 *
 * @param perSecond requests answered
 * @param share of what the container's memory answered in the same round
 * @param commands sent to Redis for a request, when one client asks alone
 * @param roundTrips reads by Redis for such a request: commands in one flight count once
 * @param bytesToRedis for a request, under load
 * @param bytesFromRedis for a request, under load
 * @param allocated bytes in the server, for a request, under load
 * @param serverMicros processor time of the server for a request, under load
 * @param redisMicros processor time of Redis for a request, under load
 * @param kept whether every session was found as it was left; if not, there is nothing else
 */
record Measurement(
    Contender contender,
    Workload workload,
    double perSecond,
    double share,
    double commands,
    double roundTrips,
    double bytesToRedis,
    double bytesFromRedis,
    double allocated,
    double serverMicros,
    double redisMicros,
    boolean kept) {

  /** The one of a contender that is known not to keep what the workload does. */
  static Measurement lost(Contender contender, Workload workload) {
    double none = Double.NaN;
    return new Measurement(
        contender, workload, none, none, none, none, none, none, none, none, none, false);
  }

  static Measurement of(
      Contender contender,
      Workload workload,
      Load.Rate rate,
      Stand.Usage before,
      Stand.Usage after,
      Stand.Flights flights) {
    double requests = rate.requests();
    Traffic.Count traffic = after.traffic().since(before.traffic());
    return new Measurement(
        contender,
        workload,
        rate.perSecond(),
        Double.NaN,
        flights.commands(),
        flights.roundTrips(),
        traffic.bytesIn() / requests,
        traffic.bytesOut() / requests,
        (after.allocated() - before.allocated()) / requests,
        (after.serverNanos() - before.serverNanos()) / 1e3 / requests,
        (after.redisNanos() - before.redisNanos()) / 1e3 / requests,
        true);
  }

  Measurement withShareOf(Measurement memory) {
    return new Measurement(
        contender,
        workload,
        perSecond,
        perSecond / memory.perSecond,
        commands,
        roundTrips,
        bytesToRedis,
        bytesFromRedis,
        allocated,
        serverMicros,
        redisMicros,
        kept);
  }

  /** The median of each figure over the rounds. */
  static Measurement median(List<Measurement> rounds) {
    Measurement first = rounds.get(0);
    return new Measurement(
        first.contender,
        first.workload,
        median(rounds, Measurement::perSecond),
        median(rounds, Measurement::share),
        median(rounds, Measurement::commands),
        median(rounds, Measurement::roundTrips),
        median(rounds, Measurement::bytesToRedis),
        median(rounds, Measurement::bytesFromRedis),
        median(rounds, Measurement::allocated),
        median(rounds, Measurement::serverMicros),
        median(rounds, Measurement::redisMicros),
        rounds.stream().allMatch(Measurement::kept));
  }

  private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
    List<Double> sorted =
        new ArrayList<>(rounds.stream().mapToDouble(figure).sorted().boxed().toList());
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
