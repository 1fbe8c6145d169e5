package dev.carryover.servlet.container;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Stands before the request listeners of a web application: hands them the hook's requests, and
 * tells the hook when a round begins and ends. Thread-safe.
 *
 * <p>A container makes one event for a round and tells all listeners with it, on one thread. By
 * that event the listeners of a round know each other's: the first asks the hook, the last forgets.
 */
final class RequestListenerRounds {

  /** What a container does with a listener that throws. */
  enum Failure {
    /** It tells no further listener, and at the beginning of a request it drops the request. */
    DROPS_REQUEST,
    /** It tells no further listener; a request that could not begin is still ended. */
    ENDS_ROUND,
    /**
     * At the beginning of a request it ends the listeners that were told, with the same event, and
     * later ends all with another one; at the end it goes on. After an {@code Error} it does
     * neither.
     */
    UNWINDS,
    /** It tells the others all the same, and goes on with the request. */
    GOES_ON
  }

  private final RequestListenerHook hook;
  private final Failure failure;
  private final Map<ServletRequestEvent, Round> rounds = new ConcurrentHashMap<>();

  RequestListenerRounds(RequestListenerHook hook, Failure failure) {
    this.hook = hook;
    this.failure = failure;
  }

  /** Those to be told instead of the given listeners, one for each, in the same order. */
  List<ServletRequestListener> before(List<ServletRequestListener> listeners) {
    List<ServletRequestListener> result = new ArrayList<>();
    for (ServletRequestListener listener : listeners) {
      boolean isFirst = result.isEmpty();
      boolean isLast = result.size() == listeners.size() - 1;
      result.add(new Stand(listener, isFirst, isLast));
    }
    return result;
  }

  /** The listener behind the one that stands before it. */
  static ServletRequestListener behind(ServletRequestListener listener) {
    return listener instanceof Stand ? ((Stand) listener).listener : listener;
  }

  private Round round(
      ServletRequestEvent event, boolean atBeginning, UnaryOperator<ServletRequest> ours) {
    Round round = rounds.get(event);
    if (round == null) {
      ServletRequest request = ours.apply(event.getServletRequest());
      round = new Round(new ServletRequestEvent(event.getServletContext(), request), atBeginning);
      rounds.put(event, round);
    }
    return round;
  }

  private void failedAtBeginning(ServletRequestEvent event, Throwable thrown, boolean isLast) {
    if (endsRound(thrown) || (isLast && failure == Failure.GOES_ON)) {
      rounds.remove(event);
    }
    if (failure == Failure.DROPS_REQUEST) {
      hook.afterRequestDestroyed(event.getServletRequest());
    }
  }

  private boolean endsRound(Throwable thrown) {
    switch (failure) {
      case UNWINDS:
        return thrown instanceof Error;
      case GOES_ON:
        return false;
      default:
        return true;
    }
  }

  private void end(ServletRequestEvent event) {
    Round round = rounds.remove(event);
    boolean unwound = round != null && round.atBeginning;
    if (!unwound) {
      hook.afterRequestDestroyed(event.getServletRequest());
    }
  }

  /** One round that is under way: the event that its listeners get. */
  private static final class Round {
    private final ServletRequestEvent event;
    private final boolean atBeginning;

    private Round(ServletRequestEvent event, boolean atBeginning) {
      this.event = event;
      this.atBeginning = atBeginning;
    }
  }

  /** Stands before one listener. */
  private final class Stand implements ServletRequestListener {
    private final ServletRequestListener listener;
    private final boolean isFirst;
    private final boolean isLast;

    private Stand(ServletRequestListener listener, boolean isFirst, boolean isLast) {
      this.listener = listener;
      this.isFirst = isFirst;
      this.isLast = isLast;
    }

    @Override
    public void requestInitialized(ServletRequestEvent event) {
      try {
        listener.requestInitialized(round(event, true, hook::requestInitialized).event);
      } catch (RuntimeException | Error e) {
        failedAtBeginning(event, e, isLast);
        throw e;
      }
      if (isLast) {
        rounds.remove(event);
      }
    }

    /** Listeners are told of the end in the reverse order: the first one is the last. */
    @Override
    public void requestDestroyed(ServletRequestEvent event) {
      boolean ends = isFirst;
      try {
        listener.requestDestroyed(round(event, false, hook::requestDestroyed).event);
      } catch (RuntimeException | Error e) {
        ends |= endsRound(e);
        throw e;
      } finally {
        if (ends) {
          end(event);
        }
      }
    }

    @Override
    public String toString() {
      return listener.toString();
    }
  }
}
