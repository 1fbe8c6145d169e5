package benchapp;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Uses its session in the way that the path names, and commits the response itself. Each answer
 * tells whose session it found, and what was in it, so that a caller can see a session that was
 * lost or swapped.
 *
 * <p>The parameter {@code v} is what the caller wants to find again: the owner of a new session, a
 * number that its count begins at; or the edition of a big session's attributes, or of the one of
 * them that {@code k} names.
 */
@WebServlet("/")
public final class SessionServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  /** How many attributes a big session has. */
  public static final int BIG_ATTRIBUTES = 100;

  private static final String FILLING = "0123456789abcdef".repeat(64);

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getServletPath();
    HttpSession session = path.equals("/none") ? null : request.getSession(path.startsWith("/new"));
    if (session == null && !path.equals("/none")) {
      response.sendError(HttpServletResponse.SC_GONE);
      return;
    }
    byte[] answer = answer(path, request, session).getBytes(StandardCharsets.ISO_8859_1);
    response.setContentLength(answer.length);
    response.getOutputStream().write(answer);
    response.flushBuffer();
  }

  private static String answer(String path, HttpServletRequest request, HttpSession session) {
    switch (path) {
      case "/none":
        return "none";
      case "/read":
        return (String) session.getAttribute("owner");
      case "/write":
        return Integer.toString(count(session));
      case "/mutate":
        return Integer.toString(((Basket) session.getAttribute("basket")).add());
      case "/bigread":
        return edition((String) session.getAttribute(bigName(request)));
      case "/bigwrite":
        session.setAttribute(bigName(request), page(request.getParameter("v")));
        return request.getParameter("v");
      case "/new":
        session.setAttribute("owner", request.getParameter("v"));
        return request.getParameter("v");
      case "/new/small":
        return fill(session, request.getParameter("v"));
      case "/new/big":
        return fillBig(session, request.getParameter("v"));
      case "/login":
        session.setAttribute("user", session.getAttribute("owner"));
        request.changeSessionId();
        return Integer.toString(count(session));
      default:
        throw new IllegalArgumentException(path);
    }
  }

  private static int count(HttpSession session) {
    int count = (Integer) session.getAttribute("count") + 1;
    session.setAttribute("count", count);
    return count;
  }

  private static String fill(HttpSession session, String owner) {
    session.setAttribute("owner", owner);
    session.setAttribute("count", Integer.valueOf(owner));
    session.setAttribute("basket", new Basket(owner, Integer.parseInt(owner)));
    return owner;
  }

  private static String fillBig(HttpSession session, String edition) {
    for (int k = 0; k < BIG_ATTRIBUTES; k++) {
      session.setAttribute("attribute-" + k, page(edition));
    }
    return edition;
  }

  private static String bigName(HttpServletRequest request) {
    return "attribute-" + request.getParameter("k");
  }

  /** A text of 1 KB that begins with its edition. */
  private static String page(String edition) {
    return edition + ' ' + FILLING.substring(edition.length() + 1);
  }

  private static String edition(String page) {
    return page.substring(0, page.indexOf(' '));
  }
}
