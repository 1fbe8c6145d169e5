package legacyshop;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Shows what the listeners of this node were told. */
public class EventsServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    request.setAttribute("lines", EventLog.of(getServletContext()).getLines());
    request.getRequestDispatcher("/WEB-INF/jsp/events.jsp").forward(request, response);
  }
}
