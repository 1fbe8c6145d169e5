package dev.carryover.load;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * One session as its client knows it: what is in it for sure, and what may be, because a request
 * that wrote it was not answered, or not yet. Not thread-safe.
 */
final class Visit {

  /** Answers that a session has to give before it is sure that it is still there. */
  private static final int ANSWERS_OF_ONE_THAT_LIVES = 2;

  final int owner;
  private String cookie;
  private int doubts;
  private final Map<Part, Integer> sure = new EnumMap<>(Part.class);
  private final Map<Part, Set<Integer>> possible = new EnumMap<>(Part.class);

  /** A session that has begun with this value in all parts. */
  Visit(int owner, int value, String cookie) {
    this.owner = owner;
    this.cookie = cookie;
    for (Part part : Part.values()) {
      sure.put(part, value);
      possible.put(part, new HashSet<>());
    }
  }

  /** What is sent for it, {@code name=value}. */
  String cookie() {
    return cookie;
  }

  /** A request is about to write the part: until it is answered both values are right. */
  void writes(Part part, int value) {
    possible.get(part).add(value);
  }

  /** The request was answered: from now on only this value is right. */
  void written(Part part, int value) {
    sure.put(part, value);
    possible.get(part).clear();
  }

  /** The client was given this cookie in place of the other. */
  void rotated(String newCookie) {
    cookie = newCookie;
  }

  /** A login or logout was not answered: the client may have no way to the session any more. */
  void doubt() {
    doubts = ANSWERS_OF_ONE_THAT_LIVES;
  }

  boolean mayBeGone() {
    return doubts > 0;
  }

  /**
   * Compares an answer with what may be.
   *
   * @return what is wrong with it, or null
   */
  String wrong(String answer) {
    String[] words = answer.split(" ");
    if (words.length != 5) {
      return "not a session's content: " + answer;
    }
    String self = Integer.toString(owner);
    if (!words[0].equals(self) || !words[2].equals(self)) {
      return "another's session: of " + words[0] + " and " + words[2] + ", asked by " + self;
    }
    doubts = Math.max(0, doubts - 1);
    for (Part part : Part.values()) {
      String word = words[part.word];
      if (!isRight(part, word)) {
        return "lost: "
            + part
            + " is "
            + word
            + ", written was "
            + sure.get(part)
            + ", perhaps "
            + possible.get(part);
      }
    }
    return null;
  }

  /** Whether a session's answer has this value of the part. */
  boolean shows(String answer, Part part, int value) {
    return answer.split(" ")[part.word].equals(Integer.toString(value));
  }

  private boolean isRight(Part part, String word) {
    return word.equals(Integer.toString(sure.get(part)))
        || possible.get(part).stream().anyMatch(value -> word.equals(Integer.toString(value)));
  }
}
