package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.SessionConfig;
import dev.carryover.event.SessionEvents;
import dev.carryover.store.SessionStore;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two nodes are restarted one after the other with the next secrets, while people use their
 * sessions on both. Nobody loses a session, or anything in it.
 */
class SecretRollingIT {

  private static final String NEW = "the secret of this year";
  private static final String OLD = "the secret of last year";
  private static final int PEOPLE = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final SessionRules RULES =
      new SessionRules(Duration.ofHours(1), true, Duration.ofMinutes(1), Duration.ofSeconds(30));

  /** In one step, for a session may be renamed at any time; and no field that is not there. */
  private static final String LOOK_OLD =
      "for _, field in ipairs({'~created', '~resealed'}) do"
          + " if redis.call('HEXISTS', KEYS[1], field) == 1 then"
          + " redis.call('HSET', KEYS[1], field, 1000) end end";

  private RedisServer redis;
  private RedisProbe probe;
  private List<Node> nodes;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
  }

  @AfterEach
  void stop() {
    nodes.forEach(node -> node.sessions.close());
    probe.close();
    redis.close();
  }

  @Test
  void turningSealingOnLosesNothing() throws Exception {
    roll("none", List.of("none," + NEW, NEW + ",none", NEW));
    assertThat(probe.keys("*session:*")).allMatch(SecretRollingIT::isSealed);
  }

  @Test
  void takingANewSecretLosesNothing() throws Exception {
    roll(OLD, List.of(OLD + "," + NEW, NEW + "," + OLD, NEW));
    assertThat(probe.keys("*session:*")).allMatch(SecretRollingIT::isSealed);
  }

  @Test
  void turningSealingOffLosesNothing() throws Exception {
    roll(OLD, List.of(OLD + ",none", "none," + OLD, "none"));
    assertThat(probe.keys("*session:*")).noneMatch(SecretRollingIT::isSealed);
  }

  private static boolean isSealed(String record) {
    return Pattern.matches(".*:session:[^.]{44}\\.[^.]{6}", record);
  }

  private void roll(String first, List<String> next) throws Exception {
    nodes = List.of(new Node(first), new Node(first));
    List<Person> people = IntStream.range(0, PEOPLE).mapToObj(Person::new).toList();
    ExecutorService threads = Executors.newFixedThreadPool(PEOPLE);
    try {
      List<Future<?>> lives = new ArrayList<>();
      people.forEach(person -> lives.add(threads.submit(person)));
      awaitRequests(people, 10);
      for (String secrets : next) {
        // What has the last form by now is all that the next secrets can read.
        awaitForms(people);
        for (Node node : nodes) {
          node.restart(secrets);
          awaitRequests(people, 10);
        }
      }
      people.forEach(person -> person.goes = true);
      for (Future<?> life : lives) {
        life.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(probe.keys("*session:*")).hasSize(PEOPLE);
    assertThat(people).allMatch(person -> person.requests.get() >= 70);
  }

  /** Everyone makes so many more requests, with sessions that look old. */
  private void awaitRequests(List<Person> people, int number) {
    List<Integer> before = people.stream().map(person -> person.requests.get()).toList();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              probe
                  .keys("*session:*")
                  .forEach(record -> probe.command("EVAL", LOOK_OLD, "1", record));
              return IntStream.range(0, PEOPLE)
                  .allMatch(
                      i -> {
                        Person person = people.get(i);
                        return person.isDead || person.requests.get() >= before.get(i) + number;
                      });
            });
  }

  /** All sessions are in the form that both nodes write. */
  private void awaitForms(List<Person> people) {
    String writing = nodes.get(0).secrets.split(",")[0];
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              awaitRequests(people, 2);
              List<String> ends =
                  probe.keys("*session:*").stream()
                      .map(record -> isSealed(record) ? record.replaceFirst(".*\\.", "") : "none")
                      .distinct()
                      .toList();
              return ends.size() == 1 && ends.get(0).equals("none") == writing.equals("none");
            });
  }

  /** A node that can be restarted while others serve. */
  private final class Node {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private String secrets;
    private LiveSessions sessions;

    private Node(String secrets) {
      start(secrets);
    }

    private void start(String withSecrets) {
      SessionConfig config =
          SessionConfig.builder()
              .redisUrl(redis.url())
              .redisTimeout(Duration.ofSeconds(20))
              .secret(withSecrets)
              .build();
      SessionStore store = RedisSessionStore.connect(config, "shop");
      secrets = withSecrets;
      sessions = new LiveSessions(store, Box.CODEC, RULES, SessionEvents.none());
    }

    private void restart(String withSecrets) {
      lock.writeLock().lock();
      try {
        sessions.close();
        start(withSecrets);
      } finally {
        lock.writeLock().unlock();
      }
    }
  }

  /** Uses one session, on whichever node, and finds what was there the last time. */
  private final class Person implements Runnable {
    private final AtomicInteger requests = new AtomicInteger();
    private final Random random;
    private volatile boolean goes;
    private volatile boolean isDead;
    private String id;

    private Person(int number) {
      random = new Random(number);
    }

    @Override
    public void run() {
      try {
        while (!goes) {
          Node node = nodes.get(random.nextInt(2));
          if (node.lock.readLock().tryLock()) {
            try {
              request(node.sessions);
            } finally {
              node.lock.readLock().unlock();
            }
          }
        }
      } finally {
        isDead = true;
      }
    }

    private void request(LiveSessions node) {
      int number = requests.get();
      SessionAccess access = id == null ? node.create() : node.open(id);
      assertThat(access).as("session in request %d", number).isNotNull();
      if (id == null) {
        access.set("set", new Box(0));
        access.set("changed", new Box(0));
        access.setPrincipal("someone");
      }
      assertThat(((Box) access.get("set")).value()).isEqualTo(number);
      assertThat(((Box) access.get("changed")).value()).isEqualTo(number);
      assertThat(access.principal()).isEqualTo("someone");
      access.set("set", new Box(number + 1));
      ((Box) access.get("changed")).change(number + 1);
      if (random.nextInt(5) == 0) {
        access.rotate();
      }
      access.commit();
      id = access.id();
      access.release();
      requests.incrementAndGet();
    }
  }
}
