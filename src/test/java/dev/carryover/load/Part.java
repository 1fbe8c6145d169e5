package dev.carryover.load;

/** What a session of the load run holds, apart from whose it is. */
enum Part {
  COUNT(1),
  BASKET(3),
  PAGE(4);

  /** Which word of an answer it is. */
  final int word;

  Part(int word) {
    this.word = word;
  }
}
