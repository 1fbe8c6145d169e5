package dev.carryover.testing.app;

import dev.carryover.Carryover;
import dev.carryover.SessionInfo;
import dev.carryover.session.SessionStatistics;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Collectors;

/** Asks Carryover for the sessions and ends them, as the query says. */
@WebServlet("/sessions")
public class SteeringServlet extends HttpServlet {

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    response.getWriter().write(answer(request, Carryover.of(getServletContext())));
  }

  private static String answer(HttpServletRequest request, Carryover sessions) {
    String subject = request.getParameter("of");
    switch (request.getParameter("do")) {
      case "count":
        return Long.toString(sessions.count());
      case "find":
        return sessions.find(subject).map(SteeringServlet::text).orElse("none");
      case "user":
        return sessions.findByPrincipal(subject).stream()
            .map(SessionInfo::id)
            .collect(Collectors.joining("\n"));
      case "all":
        return sessions.stream().map(SessionInfo::id).sorted().collect(Collectors.joining("\n"));
      case "attributes":
        return sessions.attributes(subject).toString();
      case "statistics":
        return text(sessions.statistics());
      case "end":
        return Boolean.toString(sessions.invalidate(subject));
      case "endUser":
        return Integer.toString(sessions.invalidateAll(subject));
      case "endOthers":
        String own = request.getSession(false).getId();
        return Integer.toString(sessions.invalidateAll(subject, own));
      default:
        throw new IllegalArgumentException(request.getParameter("do"));
    }
  }

  private static String text(SessionStatistics statistics) {
    long created = 0;
    for (SessionStatistics.Minute minute : statistics.minutes()) {
      created += minute.created();
    }
    return statistics.sessions()
        + " sessions, "
        + statistics.principals()
        + (statistics.isPrincipalsExact() ? " users, " : " users or so, ")
        + created
        + " created, of "
        + statistics.sampled()
        + ": "
        + statistics.averageBytesByAttribute().keySet()
        + (statistics.averageBytes() > 0 && statistics.oldest().isPresent() ? "" : " nothing")
        + (statistics.oldest().equals(statistics.newest()) ? " same age" : "");
  }

  private static String text(SessionInfo session) {
    return session.principal().orElse("nobody")
        + " "
        + session.maxInactiveInterval().orElseThrow()
        + " "
        + !session.lastAccessed().isBefore(session.created());
  }
}
