package dev.carryover.load;

import java.util.Random;

/** What a client may do next, and how often of a hundred times. */
enum Action {
  READ(34),
  WRITE(14),
  MUTATE(12),
  PAGE(4),
  /** Two requests at the same time, to both nodes, that write different parts. */
  BOTH(6),
  ASYNC(7),
  /** A write that redirects, to be read on the other node. */
  REDIRECT(7),
  LOGIN(6),
  LOGOUT(3),
  /** A request that needs no session. */
  NONE(3),
  /** A request with the id of a session that was ended, or that had this id before a login. */
  DEAD(4),
  /** Made where there is no session. */
  BEGIN(0);

  private final int weight;

  Action(int weight) {
    this.weight = weight;
  }

  static Action any(Random random) {
    int left = random.nextInt(100);
    for (Action action : values()) {
      left -= action.weight;
      if (left < 0) {
        return action;
      }
    }
    return READ;
  }
}
