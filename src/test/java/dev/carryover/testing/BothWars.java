package dev.carryover.testing;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A web application as it is and with Carryover in it, and a Redis for that one: for tests that
 * compare the two.
 */
public final class BothWars implements BeforeAllCallback, AfterAllCallback {

  private final Supplier<WarBuilder> war;
  private Path directory;
  private RedisServer redis;
  private RedisProbe probe;
  private Path without;
  private Path with;

  private BothWars(Supplier<WarBuilder> war) {
    this.war = war;
  }

  /** Of what makes the application as it is, anew each time. */
  public static BothWars of(Supplier<WarBuilder> war) {
    return new BothWars(war);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    directory = TemporaryDirectory.create("wars");
    without = war.get().build(directory.resolve("without.war"));
    with = war.get().carryover().build(directory.resolve("with.war"));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    probe.close();
    redis.close();
    TemporaryDirectory.delete(directory);
  }

  public Path without() {
    return without;
  }

  public Path with() {
    return with;
  }

  /** Where both are, and others can be. */
  public Path directory() {
    return directory;
  }

  public RedisServer redis() {
    return redis;
  }

  public RedisProbe probe() {
    return probe;
  }
}
