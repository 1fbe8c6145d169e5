package dev.carryover.bench.web;

import static dev.carryover.bench.web.Request.ascii;

/** What each request of a measurement asks of its session, and what it has to get. */
enum Workload {
  NONE("none", "/none", false) {
    @Override
    void check(Visit visit, Answer answer) {
      require(answer.is(NOTHING), "none", answer);
    }
  },
  READ("read", "/read", false) {
    @Override
    void check(Visit visit, Answer answer) {
      require(answer.is(visit.owner), visit.owner, answer);
    }
  },
  WRITE("write", "/write", false) {
    @Override
    void check(Visit visit, Answer answer) {
      visit.count++;
      require(answer.is(visit.count), visit.count, answer);
    }
  },
  MUTATE("mutate in place", "/mutate", false) {
    @Override
    void check(Visit visit, Answer answer) {
      visit.basket++;
      require(answer.is(visit.basket), visit.basket, answer);
    }
  },
  BIG_READ("big read", "/bigread?k=", true) {
    @Override
    void ask(Visit visit, Request request) {
      request.get(path).append(visit.nextKey()).end(visit.cookie);
    }

    @Override
    void check(Visit visit, Answer answer) {
      int edition = visit.editions[visit.key];
      require(answer.is(visit.owner, edition), visit.owner + "." + edition, answer);
    }
  },
  BIG_WRITE("big write", "/bigwrite?k=", true) {
    @Override
    void ask(Visit visit, Request request) {
      int key = visit.nextKey();
      request.get(path).append(key).append(VALUE).append(visit.owner).append(POINT);
      request.append(++visit.editions[key]).end(visit.cookie);
    }

    @Override
    void check(Visit visit, Answer answer) {
      BIG_READ.check(visit, answer);
    }
  },
  NEW("new", "/new?v=", false) {
    @Override
    void ask(Visit visit, Request request) {
      request.get(path).append(visit.owner).end(null);
    }

    @Override
    void check(Visit visit, Answer answer) {
      byte[] cookie = answer.cookie();
      require(cookie != null, "a cookie", answer);
      visit.cookie = cookie;
      READ.check(visit, answer);
    }
  },
  LOGIN("login", "/login", false) {
    @Override
    void check(Visit visit, Answer answer) {
      WRITE.check(visit, answer);
      byte[] cookie = answer.cookie();
      require(cookie != null, "a cookie", answer);
      visit.cookie = cookie;
    }
  },
  TWO_NODES("two nodes in turn", "/write", false) {
    /** An odd number, or each session would come to the same node whenever its turn comes. */
    @Override
    int visits() {
      return super.visits() - 1;
    }

    @Override
    void check(Visit visit, Answer answer) {
      WRITE.check(visit, answer);
    }
  };

  private static final byte[] NOTHING = ascii("none");
  private static final byte[] VALUE = ascii("&v=");
  private static final byte[] POINT = ascii(".");
  private static final byte[] NEW_SMALL = ascii("/new/small?v=");
  private static final byte[] NEW_BIG = ascii("/new/big?v=");

  final String title;
  final byte[] path;
  private final boolean big;

  Workload(String title, String path, boolean big) {
    this.title = title;
    this.path = ascii(path);
    this.big = big;
  }

  /** Writes the next request of the session. */
  void ask(Visit visit, Request request) {
    request.get(path).end(visit.cookie);
  }

  /**
   * Compares the answer with what the session's client knows.
   *
   * @throws LostSession if it is another
   */
  abstract void check(Visit visit, Answer answer);

  /** Writes the request that makes a session for this workload. */
  void askFirst(Visit visit, Request request) {
    request.get(big ? NEW_BIG : NEW_SMALL).append(visit.owner);
    if (big) {
      request.append(POINT).append(0);
    }
    request.end(null);
  }

  void checkFirst(Visit visit, Answer answer) {
    visit.cookie = answer.cookie();
    require(visit.cookie != null, "a cookie", answer);
  }

  /** How many sessions each connection visits in turn. */
  int visits() {
    return big ? 4 : 16;
  }

  /** What is asked afterwards, to see that what was answered last is still there. */
  Workload proof() {
    switch (this) {
      case NEW:
        return READ;
      case BIG_WRITE:
        return BIG_READ;
      default:
        return this;
    }
  }

  private static void require(boolean fulfilled, Object expected, Answer answer) {
    if (!fulfilled) {
      throw new LostSession("expected " + expected + ", answered " + answer);
    }
  }
}
