package dev.carryover;

import dev.carryover.admin.WebApplications;
import dev.carryover.codec.ValueType;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.SessionDirectory;
import dev.carryover.session.SessionSearch;
import dev.carryover.session.SessionStatistics;
import dev.carryover.session.SessionUnavailableException;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sessions of a web application, on all its nodes, for its own code: how many there are, whose
 * they are, and their end.
 *
 * <pre>{@code
 * Carryover sessions = Carryover.of(request.getServletContext());
 * sessions.invalidateAll("ann", request.getSession().getId()); // everywhere but here
 * }</pre>
 *
 * <p>Nothing here counts as an access: no session lives longer for it. What Redis is asked is said
 * at each method; no key space is scanned. If Redis does not answer within {@code redis.timeout},
 * methods throw {@link SessionUnavailableException}.
 *
 * <p>Thread-safe. Ids of sessions are credentials, see {@link SessionInfo#id}.
 */
public final class Carryover {

  private static final WebApplications<Carryover> ALL = new WebApplications<>();

  private final SessionDirectory sessions;
  private final SessionSearch search;

  Carryover(LiveSessions sessions) {
    this.sessions = sessions.directory();
    this.search = sessions.search();
  }

  /**
   * {@return that of a web application} It is there once the application's filters have been
   * initialized, until they are destroyed.
   *
   * @param context the web application's
   * @throws IllegalStateException if Carryover is switched off, or not there yet
   */
  public static Carryover of(ServletContext context) {
    Carryover present = ALL.get(context);
    if (present == null) {
      throw new IllegalStateException(
          "Carryover does not keep this web application's sessions now: it is switched off, or the"
              + " application's filters have not been initialized");
    }
    return present;
  }

  void enter(ServletContext context) {
    ALL.put(context, this);
  }

  void leave() {
    ALL.remove(this);
  }

  /**
   * {@return how many sessions live, on all nodes} One that was invalidated counts until its
   * listeners have been told; one that has expired, for ten seconds at most.
   *
   * <p>Cost: 64 small commands in one batch, however many sessions there are.
   */
  public long count() {
    return sessions.count();
  }

  /**
   * {@return the session that has this id now}
   *
   * <p>Cost: one script call.
   *
   * @param id as {@code HttpSession.getId} told it; anything else finds nothing
   */
  public Optional<SessionInfo> find(String id) {
    return Optional.ofNullable(sessions.find(id)).map(SessionInfo::new);
  }

  /**
   * {@return what a session holds, by the names of its attributes; empty if there is no such
   * session} Nothing of it is decoded.
   *
   * <p>Cost: two script calls, and one for each attribute of more than {@code lazy-above} bytes.
   * The session's bytes come along.
   *
   * @param id as {@code HttpSession.getId} told it
   */
  public List<AttributeInfo> attributes(String id) {
    Map<String, byte[]> encoded = sessions.find(id) == null ? null : search.attributes(id);
    List<AttributeInfo> attributes = new ArrayList<>();
    if (encoded != null) {
      encoded.forEach(
          (name, bytes) ->
              attributes.add(new AttributeInfo(name, ValueType.of(bytes), bytes.length)));
    }
    return List.copyOf(attributes);
  }

  /**
   * {@return how many sessions and users there are, what happened to sessions minute by minute, and
   * what a sample of them holds} See there what is exact.
   *
   * <p>Cost: four batches of 64 small commands, and a script call for each session of the sample:
   * up to four from each of the 64 shards, taken at random, 256 at most. These travel together.
   */
  public SessionStatistics statistics() {
    return sessions.statistics();
  }

  /**
   * {@return the sessions of a user, in the order of their logins}
   *
   * <p>Cost: 64 small commands in one batch, in two while a secret is exchanged, and a script call
   * for each session found; these travel together.
   *
   * @param principal the user's name, as {@code getUserPrincipal} or the key {@code
   *     principal-attribute} tell it
   */
  public List<SessionInfo> findByPrincipal(String principal) {
    return sessions.ownedBy(Objects.requireNonNull(principal)).stream()
        .map(SessionInfo::new)
        .collect(Collectors.toUnmodifiableList());
  }

  /**
   * {@return all sessions, fetched by about a hundred as the stream is read} One that lives all the
   * while is there, once unless it gets another id meanwhile; one that comes or goes may be.
   *
   * <p>Cost: a script call for each of the 64 shards or for each hundred sessions, and one for each
   * session; these travel together.
   */
  public Stream<SessionInfo> stream() {
    return sessions.all().map(SessionInfo::new);
  }

  /**
   * Ends a session on all nodes, now, as {@code HttpSession.invalidate} does. The listeners hear of
   * it on this thread, with the attributes still readable. Requests that are using it may go on,
   * but nothing that they do to it lasts.
   *
   * <p>Cost: a script call, and one in the background if there are listeners.
   *
   * @param id as {@code HttpSession.getId} told it
   * @return false if there is no such session
   */
  public boolean invalidate(String id) {
    return sessions.invalidate(id);
  }

  /**
   * Logs a user out everywhere: ends all sessions of this user, as {@link #invalidate} does each.
   * One that gets another id meanwhile is ended too; whoever logs in meanwhile may stay.
   *
   * <p>Cost: 64 small commands in one batch, in two while a secret is exchanged, and what {@link
   * #invalidate} costs for each session.
   *
   * @param principal the user's name, as for {@link #findByPrincipal}
   * @return how many sessions it has ended
   */
  public int invalidateAll(String principal) {
    return sessions.invalidateAll(Objects.requireNonNull(principal), null);
  }

  /**
   * As {@link #invalidateAll(String)}, but one session goes on: that in which a user has just
   * changed the password, for example.
   *
   * @param principal the user's name, as for {@link #findByPrincipal}
   * @param exceptSessionId the id of the session that goes on, also one that it has just got
   * @return how many sessions it has ended
   */
  public int invalidateAll(String principal, String exceptSessionId) {
    return sessions.invalidateAll(
        Objects.requireNonNull(principal), Objects.requireNonNull(exceptSessionId));
  }
}
