package dev.carryover.load;

import dev.carryover.load.Line.Answer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Someone who uses one session after the other, on both nodes by turns, and knows what each answer
 * has to be.
 */
final class Client implements Runnable, AutoCloseable {

  private static final int LONGEST_PAUSE_MILLIS = 140;
  private static final int MOST_DEAD = 100;
  private static final int GONE = 410;
  private static final int UNAVAILABLE = 503;

  private final int number;
  private final Tally tally;
  private final Announcements announcements;
  private final Gate gate;
  private final Random random;
  private final List<Line> lines;
  private final List<String> dead = new ArrayList<>();
  private volatile Visit visit;
  private int values;
  private int visits;

  Client(int number, Stand stand, Tally tally, Announcements announcements, Gate gate) {
    this.number = number;
    this.tally = tally;
    this.announcements = announcements;
    this.gate = gate;
    this.random = new Random(number);
    this.lines = List.of(new Line(stand, Stand.A), new Line(stand, Stand.B));
  }

  /** The session that it uses now, or null. */
  Visit visit() {
    return visit;
  }

  @Override
  public void run() {
    try {
      while (gate.pass()) {
        step();
        Thread.sleep(1 + random.nextInt(LONGEST_PAUSE_MILLIS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      tally.violation("client " + number + " gave up: " + e);
    }
  }

  /** Sends a request to each node that takes a moment. */
  void crowd() {
    for (Line line : lines) {
      ask(Action.NONE, line, "/crowd", null);
    }
  }

  /** Waits for their answers. */
  void disperse() {
    lines.forEach(line -> receive(Action.NONE, line));
  }

  /** Looks at the session once more, and at all that have ended, on both nodes. */
  void prove() {
    for (Line line : lines) {
      if (visit != null) {
        read(line);
      }
      for (String cookie : dead) {
        ask(Action.DEAD, line, "/read", cookie);
        expectNoSession(receive(Action.DEAD, line));
      }
    }
  }

  /** Ends the session, if there is one. */
  void leave() {
    if (visit != null) {
      logout(lines.get(Stand.A));
    }
  }

  private void step() {
    Line line = lines.get(random.nextInt(lines.size()));
    if (visit == null) {
      begin(line);
      return;
    }
    Action action = Action.any(random);
    switch (action) {
      case READ -> read(line);
      case WRITE -> write(action, line, "/write", Part.COUNT);
      case MUTATE -> write(action, line, "/mutate", Part.BASKET);
      case PAGE -> write(action, line, "/page", Part.PAGE);
      case ASYNC -> write(action, line, random.nextBoolean() ? "/async" : "/later", Part.COUNT);
      case BOTH -> writeOnBoth();
      case REDIRECT -> redirect(line);
      case LOGIN -> login(line);
      case LOGOUT -> logout(line);
      case NONE -> useNone(line);
      case DEAD -> useDead(line);
      case BEGIN -> throw new IllegalStateException("There is a session");
    }
  }

  private void begin(Line line) {
    int value = ++values;
    int owner = number * 1_000_000 + ++visits;
    ask(Action.BEGIN, line, "/begin?owner=" + owner + "&to=" + value, null);
    Answer answer = receive(Action.BEGIN, line);
    if (answer == null) {
      tally.unanswered.increment();
    } else if (answer.status() != 200 || answer.cookie() == null) {
      tally.violation("no new session, but " + answer.status());
    } else {
      tally.sessions.increment();
      visit = new Visit(owner, value, answer.cookie());
      check(answer);
    }
  }

  private void read(Line line) {
    ask(Action.READ, line, "/read", visit.cookie());
    check(receive(Action.READ, line));
  }

  private void write(Action action, Line line, String path, Part part) {
    int value = beginToWrite(part);
    ask(action, line, path + "?to=" + value, visit.cookie());
    checkWritten(receive(action, line), part, value);
  }

  private void writeOnBoth() {
    Line a = lines.get(Stand.A);
    Line b = lines.get(Stand.B);
    int count = beginToWrite(Part.COUNT);
    int basket = beginToWrite(Part.BASKET);
    String cookie = visit.cookie();
    ask(Action.BOTH, a, "/write?to=" + count, cookie);
    ask(Action.BOTH, b, "/mutate?to=" + basket, cookie);
    Answer fromA = receive(Action.BOTH, a);
    Answer fromB = receive(Action.BOTH, b);
    // Either may have been made before or after the other wrote: both are looked at first.
    boolean rightFromA = check(fromA);
    boolean rightFromB = visit != null && check(fromB);
    if (visit != null && rightFromA) {
      written(fromA, Part.COUNT, count);
    }
    if (visit != null && rightFromB) {
      written(fromB, Part.BASKET, basket);
    }
  }

  private int beginToWrite(Part part) {
    int value = ++values;
    visit.writes(part, value);
    return value;
  }

  private void redirect(Line line) {
    int value = beginToWrite(Part.COUNT);
    ask(Action.REDIRECT, line, "/redirect?to=" + value, visit.cookie());
    Answer answer = receive(Action.REDIRECT, line);
    if (answer == null || answer.status() != 302) {
      check(answer);
      return;
    }
    visit.written(Part.COUNT, value);
    read(lines.get(1 - line.node()));
  }

  private void login(Line line) {
    int value = beginToWrite(Part.COUNT);
    String before = visit.cookie();
    ask(Action.LOGIN, line, "/login?to=" + value, before);
    Answer answer = receive(Action.LOGIN, line);
    if (answer == null) {
      visit.doubt();
    } else if (answer.status() == 200 && answer.cookie() == null) {
      tally.violation("a login without a new id");
    } else if (checkWritten(answer, Part.COUNT, value)) {
      visit.rotated(answer.cookie());
      died(before);
    }
  }

  private void logout(Line line) {
    ask(Action.LOGOUT, line, "/logout", visit.cookie());
    Answer answer = receive(Action.LOGOUT, line);
    if (answer == null) {
      visit.doubt();
    } else if (answer.status() == 200) {
      died(visit.cookie());
      visit = null;
    } else {
      check(answer);
    }
  }

  private void useNone(Line line) {
    ask(Action.NONE, line, "/none", visit.cookie());
    Answer answer = receive(Action.NONE, line);
    if (answer != null && !answer.body().equals("none")) {
      tally.violation("without a session: " + answer.status());
    }
  }

  private void useDead(Line line) {
    if (dead.isEmpty()) {
      return;
    }
    // Those that have ended just now, and those of long ago.
    int which = random.nextBoolean() ? dead.size() - 1 : random.nextInt(dead.size());
    String cookie = dead.get(which);
    ask(Action.DEAD, line, "/read", cookie);
    expectNoSession(receive(Action.DEAD, line));
  }

  private void expectNoSession(Answer answer) {
    if (answer != null && answer.status() != GONE) {
      tally.violation(
          "resurrected: answered " + answer.status() + " " + answer.body() + " to a dead id");
    }
  }

  private void died(String cookie) {
    dead.add(cookie);
    if (dead.size() > MOST_DEAD) {
      // One from the middle, so that some are very old.
      dead.remove(MOST_DEAD / 2);
    }
  }

  private boolean checkWritten(Answer answer, Part part, int value) {
    boolean right = check(answer);
    if (right) {
      written(answer, part, value);
    }
    return right;
  }

  private void written(Answer answer, Part part, int value) {
    if (!visit.shows(answer.body(), part, value)) {
      tally.violation("not what was just written to " + part + ": " + answer.body());
    }
    visit.written(part, value);
  }

  /** True if the session has answered, and with nothing but what may be. */
  private boolean check(Answer answer) {
    if (answer == null) {
      return false;
    }
    if (answer.status() == GONE) {
      if (visit.mayBeGone()) {
        tally.abandoned.increment();
      } else {
        tally.violation("lost: the session of " + visit.owner);
      }
      visit = null;
      return false;
    }
    if (answer.status() != 200) {
      tally.violation("answered " + answer.status());
      return false;
    }
    String wrong = visit.wrong(answer.body());
    if (wrong != null) {
      tally.violation(wrong);
      // It is said once; what follows from it is not.
      visit = null;
    }
    return wrong == null;
  }

  private void ask(Action action, Line line, String path, String cookie) {
    tally.request(action);
    line.send(path, cookie);
  }

  /** The answer; null if it was refused, or did not come. */
  private Answer receive(Action action, Line line) {
    try {
      return received(action, line);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private Answer received(Action action, Line line) throws InterruptedException {
    long sentAt = line.sentAt();
    Answer answer;
    try {
      answer = line.receive();
    } catch (UncheckedIOException e) {
      tally.failed(tally.lost, sentAt);
      if (!announcements.excuse(line.node(), true, sentAt)) {
        tally.violation("no answer to " + action + " of node " + line.node() + ": " + e);
      }
      return null;
    }
    if (answer.status() < 500) {
      tally.answered(sentAt, System.nanoTime());
      return answer;
    }
    boolean unavailable =
        answer.status() == UNAVAILABLE && answer.head().header("Retry-After") != null;
    tally.failed(tally.refused, sentAt);
    if (!unavailable
        || action == Action.NONE
        || !announcements.excuse(line.node(), false, sentAt)) {
      tally.violation("answered " + answer.status() + " to " + action + " by node " + line.node());
    }
    return null;
  }

  @Override
  public void close() {
    lines.forEach(Line::close);
  }
}
