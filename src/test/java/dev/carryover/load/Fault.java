package dev.carryover.load;

import dev.carryover.testing.FaultyProxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What goes wrong during a load run, how long it lasts, and where it excuses refused requests. */
enum Fault {
  REDIS_KILLED("Redis: kill -9, started again", both()) {
    @Override
    void strike(Stand stand) {
      stand.redis().kill();
    }

    @Override
    void mend(Stand stand) {
      stand.redis().restart();
    }
  },
  NODE_KILLED("a node: kill -9, started again", Set.of(Stand.B)) {
    @Override
    void strike(Stand stand) {
      stand.killB();
    }

    @Override
    void mend(Stand stand) {
      stand.restartB();
    }

    @Override
    boolean takesNodeDown() {
      return true;
    }
  },
  REDIS_STOPPED("Redis: SIGSTOP", both()) {
    @Override
    void strike(Stand stand) {
      stand.signalRedis("-STOP");
    }

    @Override
    void mend(Stand stand) {
      stand.signalRedis("-CONT");
    }
  },
  CUT("the way of one node: cut", Set.of(Stand.A)) {
    @Override
    void strike(Stand stand) {
      stand.way(Stand.A).fault(FaultyProxy.Fault.CUT);
    }
  },
  BLACK_HOLE("the way: a black hole", both()) {
    @Override
    void strike(Stand stand) {
      stand.ways().forEach(way -> way.fault(FaultyProxy.Fault.BLACK_HOLE));
    }
  },
  HALF_OPEN("the way of one node: half open", Set.of(Stand.B)) {
    @Override
    void strike(Stand stand) {
      stand.way(Stand.B).fault(FaultyProxy.Fault.HALF_OPEN);
    }
  },
  SLOW_DRIP("the way of one node: byte by byte", Set.of(Stand.A)) {
    @Override
    void strike(Stand stand) {
      stand.way(Stand.A).fault(FaultyProxy.Fault.SLOW_DRIP);
    }
  },
  MEMORY_FULL("Redis: maxmemory reached", both()) {
    @Override
    void strike(Stand stand) {
      stand.command("CONFIG", "SET", "maxmemory", "1");
    }

    @Override
    void mend(Stand stand) {
      stand.command("CONFIG", "SET", "maxmemory", "0");
    }
  },
  LOADING("Redis: -LOADING", both()) {
    @Override
    void strike(Stand stand) {
      stand.ways().forEach(way -> way.answer("LOADING Redis is loading the dataset in memory"));
    }
  },

  LATENCY("the way: 20 ms later", Set.of()) {
    @Override
    void strike(Stand stand) {
      stand.ways().forEach(way -> way.fault(FaultyProxy.Fault.LATENCY));
    }
  },
  SCRIPTS_FLUSHED("SCRIPT FLUSH", Set.of()) {
    @Override
    void strike(Stand stand) {
      stand.command("SCRIPT", "FLUSH");
    }

    @Override
    void mend(Stand stand) {}
  },
  CONNECTIONS_KILLED("CLIENT KILL", Set.of()) {
    @Override
    void strike(Stand stand) {
      stand.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    }

    @Override
    void mend(Stand stand) {}
  },
  SLEEPING("DEBUG SLEEP 0.5", Set.of()) {
    @Override
    void strike(Stand stand) {
      stand.command("DEBUG", "SLEEP", "0.5");
    }

    @Override
    void mend(Stand stand) {}
  };

  /** Twice as long as a request waits, so that the circuit breakers open and stay open. */
  private static final Duration LENGTH = Duration.ofSeconds(4);

  /** Shorter than a request waits: nobody may notice. */
  private static final Duration LENGTH_UNNOTICED = Duration.ofSeconds(1);

  final String title;

  /** The nodes that may refuse requests; none for faults that nobody may notice. */
  final Set<Integer> refusing;

  Fault(String title, Set<Integer> refusing) {
    this.title = title;
    this.refusing = refusing;
  }

  /** Those in which nodes may refuse requests. */
  static List<Fault> announced() {
    return Arrays.stream(values()).filter(fault -> !fault.refusing.isEmpty()).toList();
  }

  /** Those that nobody may notice. */
  static List<Fault> unannounced() {
    return Arrays.stream(values()).filter(fault -> fault.refusing.isEmpty()).toList();
  }

  Duration length() {
    return refusing.isEmpty() ? LENGTH_UNNOTICED : LENGTH;
  }

  /** Whether the node that may refuse may also be away. */
  boolean takesNodeDown() {
    return false;
  }

  abstract void strike(Stand stand);

  void mend(Stand stand) {
    stand.ways().forEach(FaultyProxy::mend);
  }

  private static Set<Integer> both() {
    return Set.of(Stand.A, Stand.B);
  }
}
