package legacyshop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Throws, as old applications sometimes do; not before it has noted in the session that it did. */
public class BrokenServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    request.getSession().setAttribute("lastFailure", "broken on purpose");
    throw new IllegalStateException("broken on purpose");
  }
}
