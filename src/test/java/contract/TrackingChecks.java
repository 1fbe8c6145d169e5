package contract;

import static contract.Seen.attempt;
import static contract.Seen.see;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/** How ids travel in URLs. */
@WebServlet(urlPatterns = {"/tracking", "/tracking/*"})
public final class TrackingChecks extends Checks {

  @Override
  public void init() {
    check("encode", TrackingChecks::encode);
    check(
        "encodeOfANewOne",
        (request, response) -> {
          request.getSession();
          encode(request, response);
        });
    check(
        "encodeAfterTheEnd",
        (request, response) -> {
          request.getSession().invalidate();
          see("url", response.encodeURL("/x"));
        });
    check(
        "encodeAfterTheRotation",
        (request, response) -> {
          request.changeSessionId();
          String id = request.getSession().getId();
          see("url", response.encodeURL("x").replace(id, "(rotated)"));
        });
    check("create", (request, response) -> request.getSession().setAttribute("a", "1"));
    check(
        "url",
        (request, response) -> {
          request.getSession().setAttribute("a", "1");
          response.getWriter().print(response.encodeURL(request.getContextPath() + "/next"));
        });
    check(
        "redirect",
        (request, response) -> {
          request.getSession().setAttribute("a", "1");
          response.sendRedirect(response.encodeRedirectURL("tracking?check=ids"));
        });
    check(
        "ids",
        (request, response) -> {
          see("requested", request.getRequestedSessionId() != null);
          see("valid", request.isRequestedSessionIdValid());
          see("from a cookie", request.isRequestedSessionIdFromCookie());
          see("from the URL", request.isRequestedSessionIdFromURL());
          see("session", DispatchChecks.sessionOf(request));
          see("path", request.getServletPath() + " " + request.getPathInfo());
        });
  }

  /** Only what all containers agree on. */
  private static void encode(HttpServletRequest request, HttpServletResponse response) {
    String here =
        request.getScheme() + "://" + request.getServerName() + ":" + request.getServerPort();
    String context = request.getContextPath();
    for (String url :
        List.of(
            "x",
            "./x",
            "x#top",
            "x?a=b#top",
            "x;p=1?a=b",
            context,
            context + "/",
            context + "/x",
            context + "/x/../y",
            context + "?a=b",
            here + context,
            here + context + "/x?a=b#top")) {
      String shown = url.replace(here, "(here)");
      attempt("url <" + shown + ">", () -> response.encodeURL(url).replace(here, "(here)"));
      attempt(
          "redirect <" + shown + ">",
          () -> response.encodeRedirectURL(url).replace(here, "(here)"));
    }
  }
}
