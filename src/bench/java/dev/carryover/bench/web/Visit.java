package dev.carryover.bench.web;

import benchapp.SessionServlet;

/** One session, as the client that holds its cookie knows it. */
final class Visit {

  /** A number of its own, far enough from others' that their counts never meet. */
  final int owner;

  /** The cookie as it is sent, {@code name=value}; null before the first answer. */
  byte[] cookie;

  int count;
  int basket;
  int key;
  final int[] editions = new int[SessionServlet.BIG_ATTRIBUTES];

  Visit(int number) {
    owner = 1_000_000 + number * 1_000_000;
    count = owner;
    basket = owner;
  }

  /** Goes on to the next of the big session's attributes, in an order that jumps about. */
  int nextKey() {
    key = (key + 37) % editions.length;
    return key;
  }
}
