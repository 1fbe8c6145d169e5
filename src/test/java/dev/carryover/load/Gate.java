package dev.carryover.load;

/** Lets clients pass, or holds them so that there is quiet. Thread-safe. */
final class Gate {

  private final int clients;
  private int waiting;
  private boolean closed;
  private boolean over;

  Gate(int clients) {
    this.clients = clients;
  }

  /** A client asks before each request; false if there shall be no more. */
  synchronized boolean pass() throws InterruptedException {
    waiting++;
    notifyAll();
    while (closed && !over) {
      wait();
    }
    waiting--;
    return !over;
  }

  /** Returns when all clients are held. */
  synchronized void close() throws InterruptedException {
    closed = true;
    while (waiting < clients) {
      wait();
    }
  }

  synchronized void open() {
    closed = false;
    notifyAll();
  }

  synchronized void end() {
    over = true;
    notifyAll();
  }
}
