package dev.carryover.cli;

import java.io.PrintWriter;

/** Says how far long work has come: a line for each tenth of it. */
final class Progress {

  private static final int STEPS = 10;

  /** Less is done before anybody asks. */
  private static final long SHORT = 1_000;

  private final PrintWriter out;
  private final String what;
  private final long all;
  private long done;

  /**
   * @param all how much there is to do, about
   */
  Progress(PrintWriter out, String what, long all) {
    this.out = out;
    this.what = what;
    this.all = all;
  }

  void add(long more) {
    long before = step();
    done += more;
    if (all >= SHORT && step() > before) {
      out.println(what + ' ' + done + " of " + Math.max(all, done));
      out.flush();
    }
  }

  private long step() {
    return done * STEPS / Math.max(1, all);
  }
}
