package dev.carryover.testing.app;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes the request on in the {@code way} that the query names, and says what each step saw of the
 * session: its dispatcher type, id, whether it is new, and the steps before.
 */
@WebServlet(urlPatterns = {"/dispatch", "/dispatch/next"})
public class DispatchServlet extends HttpServlet {

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    String way = request.getParameter("way");
    see(request, response);
    if (request.getDispatcherType() == DispatcherType.REQUEST && way != null) {
      passOn(way, request, response);
    }
  }

  private void passOn(String way, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    switch (way) {
      case "forward" -> next(request).forward(request, response);
      case "named" ->
          getServletContext()
              .getNamedDispatcher(DispatchServlet.class.getName())
              .forward(request, response);
      case "include" -> next(request).include(request, response);
      case "sendError" -> response.sendError(418);
      case "sendErrorToJsp" -> response.sendError(409);
      case "throw" -> throw new ServletException("as the query wanted");
      case "includeFailing" -> request.getRequestDispatcher("/failing").include(request, response);
      case "reset" -> response.reset();
      case "other" -> {
        ServletContext other = getServletContext().getContext("/other");
        // Jetty looks for parameters in the query of the path, and fails if there is none.
        other.getRequestDispatcher("/dispatch/next?x=y").include(request, response);
        see(request, response);
      }
      default -> throw new IllegalArgumentException(way);
    }
  }

  private static RequestDispatcher next(HttpServletRequest request) {
    return request.getRequestDispatcher("/dispatch/next");
  }

  private static void see(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    @SuppressWarnings("unchecked")
    List<String> steps = (List<String>) session.getAttribute("steps");
    if (steps == null) {
      steps = new ArrayList<>();
      session.setAttribute("steps", steps);
    }
    steps.add(request.getDispatcherType().name());
    request.setAttribute("seen", steps.size());
    response
        .getWriter()
        .println(session.getId() + " " + session.isNew() + " " + String.join(",", steps));
  }
}
