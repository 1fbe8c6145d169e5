package listenertable;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers all events since it was last asked, a line each; {@code ?reset} begins a new table. */
@WebServlet("/events")
public class EventsServlet extends HttpServlet {

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    try {
      response.getWriter().write(String.join("\n", Events.drain()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (request.getParameter("reset") != null) {
      Events.reset();
    }
  }
}
