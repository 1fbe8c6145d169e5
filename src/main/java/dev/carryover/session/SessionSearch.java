package dev.carryover.session;

import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionPage;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks for sessions of which little is known, and into them, for operators. Nothing here is an
 * access, and nothing is decoded. Thread-safe.
 *
 * <p>A search walks through one of 64 parts of all sessions. All methods throw {@link
 * SessionUnavailableException} if the store did not answer in time.
 */
public final class SessionSearch {

  /** How many names are asked for at once. */
  private static final int PAGE = 1_000;

  /** In place of the name of what holds all attributes of a session, written as one graph. */
  public static final String ALL_IN_ONE = "(all attributes)";

  private final SessionStore store;

  public SessionSearch(SessionStore store) {
    this.store = store;
  }

  /**
   * Sessions whose ids pass a test.
   *
   * @param beginning what their ids begin with: one character of base64url or more
   * @param test of an id
   * @param most how many are wanted
   */
  public List<SessionSummary> find(String beginning, Predicate<String> test, int most) {
    return SessionUnavailableException.asking(
        () -> {
          Walk walk = new Walk(beginning, test);
          while (walk.found.size() < most && walk.goOn()) {}
          List<SessionSummary> found = new ArrayList<>(walk.found.values());
          return found.subList(0, Math.min(most, found.size()));
        });
  }

  /**
   * The encoded attributes of a session, by name.
   *
   * @return null if there is no such session
   */
  public @Nullable Map<String, byte[]> attributes(String id) {
    return SessionUnavailableException.<@Nullable Map<String, byte[]>>asking(
        () -> {
          SessionRecord record = store.look(id, 0);
          return record == null ? null : attributes(record);
        });
  }

  private Map<String, byte[]> attributes(SessionRecord record) {
    Map<String, byte[]> encoded = new TreeMap<>();
    record.attributes().forEach((name, bytes) -> put(encoded, name, bytes));
    for (String name : record.deferred()) {
      SessionRecord large = store.load(record.id(), name);
      byte[] bytes = large == null ? null : large.attributes().get(name);
      if (bytes != null) {
        put(encoded, name, bytes);
      }
    }
    return encoded;
  }

  private static void put(Map<String, byte[]> encoded, String storedName, byte[] bytes) {
    String name =
        storedName.equals(SessionAccess.GRAPH) ? ALL_IN_ONE : SessionAccess.nameSeen(storedName);
    if (name != null) {
      encoded.put(name, bytes);
    }
  }

  /** A way through one part. */
  private final class Walk {
    private final SessionIndex index = store.index();
    private final String beginning;
    private final Predicate<String> test;
    private final Map<String, SessionSummary> found = new LinkedHashMap<>();
    private final int part;
    private String cursor = "";

    private Walk(String beginning, Predicate<String> test) {
      this.beginning = beginning;
      this.test = test;
      this.part = index.partOf(beginning);
    }

    /** One page further; false if it was the last. */
    private boolean goOn() {
      SessionPage page = index.page(part, cursor, PAGE);
      List<String> names = new ArrayList<>(page.names());
      // Where names are ids, most need not be asked for.
      names.removeIf(name -> SessionId.isWellFormed(name) && !matches(name));
      for (SessionSummary summary : index.describe(names)) {
        if (matches(summary.id())) {
          found.put(summary.id(), summary);
        }
      }
      cursor = page.next();
      return !cursor.isEmpty();
    }

    private boolean matches(String id) {
      return id.startsWith(beginning) && test.test(id);
    }
  }
}
