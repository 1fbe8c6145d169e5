package dev.carryover.it;

/** The same with sealed sessions, of which some may still be plain. */
class SealedRoundTripsIT extends RoundTripsIT {

  @Override
  String secrets() {
    return "a secret of some length,none";
  }
}
