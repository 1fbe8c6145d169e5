package dev.carryover.session;

import dev.carryover.store.OwnedSession;
import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionPage;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionSummary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * All sessions, of whatever node, for those who have no request of theirs: how many, whose, and
 * their ends. Nothing here is an access. Thread-safe.
 *
 * <p>All methods throw {@link SessionUnavailableException} if the store did not answer in time.
 */
public final class SessionDirectory {

  /** How many sessions a walk through all asks for at once. */
  private static final int PAGE = 100;

  /** How many sessions statistics look at. */
  private static final int SAMPLE = 256;

  private final LiveSessions sessions;

  SessionDirectory(LiveSessions sessions) {
    this.sessions = sessions;
  }

  /** See {@link SessionIndex#count}. */
  public long count() {
    return asking(() -> index().count());
  }

  /** The session that has this id, or null; whatever is no id finds nothing. */
  public @Nullable SessionSummary find(String id) {
    return SessionId.isWellFormed(id)
        ? SessionUnavailableException.<@Nullable SessionSummary>asking(() -> index().find(id))
        : null;
  }

  /** The sessions of a principal, the one that logged in last at the end. */
  public List<SessionSummary> ownedBy(String principal) {
    return asking(() -> index().describe(inOrder(principal), principal));
  }

  /** The sessions of a principal, the one that logged in last at the end; some may have ended. */
  List<OwnedSession> inOrder(String principal) {
    List<OwnedSession> owned = new ArrayList<>(asking(() -> index().ownedBy(principal)));
    owned.sort(OwnedSession.BY_LOGIN);
    return owned;
  }

  /** Of these sessions of a principal, in their order, those that live. */
  List<OwnedSession> living(List<OwnedSession> owned, String principal) {
    Set<String> names = new HashSet<>();
    for (SessionSummary living : asking(() -> index().describe(owned, principal))) {
      names.addAll(namesOf(living.id()));
    }
    List<OwnedSession> left = new ArrayList<>(owned);
    left.removeIf(session -> !names.contains(session.name()));
    return left;
  }

  /** By what the store may know the session that has this id. */
  List<String> namesOf(String id) {
    return index().names(id);
  }

  /** What there is to say of all sessions, see there. */
  public SessionStatistics statistics() {
    return asking(
        () ->
            new SessionStatistics(
                index().count(),
                index().principals(),
                index().minutes(),
                index().sizes(index().sample(SAMPLE))));
  }

  /**
   * All sessions, a page at a time as the stream is read. A session that lives all the while is
   * there, once unless it was rotated; one that comes or goes meanwhile may be.
   */
  public Stream<SessionSummary> all() {
    Iterator<List<SessionSummary>> pages = new Pages();
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(pages, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .flatMap(List::stream);
  }

  /**
   * Ends a session everywhere, now, and tells the listeners. Follows an id that was rotated a
   * moment ago.
   *
   * @return false if there was no such session
   */
  public boolean invalidate(String id) {
    return SessionId.isWellFormed(id)
        && told(
            SessionUnavailableException.<@Nullable SessionRecord>asking(
                () -> sessions.endUnknown(id)));
  }

  /**
   * Ends all sessions of a principal, and tells the listeners. One that is rotated meanwhile is
   * ended too; one that logs in meanwhile may stay.
   *
   * @param exceptId the id of one that goes on; null for none
   * @return how many it has ended
   */
  public int invalidateAll(String principal, @Nullable String exceptId) {
    Set<String> tried = new HashSet<>(exceptId == null ? Set.of() : names(exceptId));
    int ended = 0;
    boolean missed = true;
    while (missed) {
      missed = false;
      for (OwnedSession session : asking(() -> index().ownedBy(principal))) {
        if (tried.add(session.name())) {
          boolean found = end(session, principal);
          ended += found ? 1 : 0;
          missed |= !found;
        }
      }
    }
    return ended;
  }

  /** What the store may know a session by, with its id to come too. */
  private Set<String> names(String id) {
    Set<String> names = new HashSet<>();
    if (SessionId.isWellFormed(id)) {
      names.addAll(index().names(id));
      names.addAll(index().names(sessions.storedId(id)));
    }
    return names;
  }

  /**
   * Ends a session if it is still the principal's, and tells the listeners.
   *
   * @return false if it was not
   */
  boolean end(OwnedSession session, String principal) {
    return told(
        SessionUnavailableException.<@Nullable SessionRecord>asking(
            () -> index().end(session, principal, sessions.endLease())));
  }

  private boolean told(@Nullable SessionRecord ended) {
    if (ended != null) {
      sessions.tellEndOf(ended);
    }
    return ended != null;
  }

  private SessionIndex index() {
    return sessions.store().index();
  }

  private static <T> T asking(Supplier<T> question) {
    return SessionUnavailableException.asking(question);
  }

  /** The walk through all sessions. */
  private final class Pages implements Iterator<List<SessionSummary>> {
    private final int parts = index().parts();
    private int part;
    private String cursor = "";

    /** In this part; a walk may come by a session twice. */
    private final Set<String> seen = new HashSet<>();

    @Override
    public boolean hasNext() {
      return part < parts;
    }

    @Override
    public List<SessionSummary> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("There are no more sessions");
      }
      return asking(this::page);
    }

    private List<SessionSummary> page() {
      SessionPage page = index().page(part, cursor, PAGE);
      List<String> names = new ArrayList<>(page.names());
      names.removeIf(name -> !seen.add(name));
      List<SessionSummary> found = index().describe(names);
      cursor = page.next();
      if (cursor.isEmpty()) {
        part++;
        seen.clear();
      }
      return found;
    }
  }
}
