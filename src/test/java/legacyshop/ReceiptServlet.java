package legacyshop;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;

/** Shows the last order, below the page head that it includes from {@link BannerServlet}. */
public class ReceiptServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    response.setContentType("text/html;charset=UTF-8");
    request.setAttribute("title", "Thank you");
    request.getRequestDispatcher("/banner").include(request, response);
    Object order = request.getSession().getAttribute("lastOrder");
    PrintWriter out = response.getWriter();
    out.println("<p>" + (order == null ? "Nothing ordered yet." : "You ordered " + order) + "</p>");
    out.println("</main></body></html>");
  }
}
