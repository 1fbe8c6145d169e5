package dev.carryover.session;

/** All that holds of live sessions holds where they are kept between requests. */
class LiveSessionsWithNearCacheTest extends LiveSessionsTest {

  @Override
  SessionRules adapt(SessionRules rules) {
    return rules.withNearCache(1_000, 1 << 20);
  }
}
