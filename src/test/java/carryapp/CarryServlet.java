package carryapp;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Puts things into the session and changes them, as the query says, and answers what is there. */
@WebServlet("/carry")
public class CarryServlet extends HttpServlet {

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    String product = request.getParameter("add");
    if (product != null) {
      add(session, product);
    }
    if (request.getParameter("job") != null) {
      session.setAttribute("job", new Job());
    }
    Job job = (Job) session.getAttribute("job");
    if (job != null && request.getParameter("run") != null) {
      job.run();
    }
    String refused = request.getParameter("try") == null ? "" : attempt(session);
    response
        .getWriter()
        .write(session.getAttribute("cart") + "; " + session.getAttribute("job") + refused);
  }

  /** Sets the cart once, and changes it in place from then on. */
  private static void add(HttpSession session, String product) {
    Cart cart = (Cart) session.getAttribute("cart");
    if (cart == null) {
      cart = new Cart();
      session.setAttribute("cart", cart);
    }
    cart.add(product);
  }

  private static String attempt(HttpSession session) {
    try {
      session.setAttribute("attempt", new Cart());
      return "; set";
    } catch (IllegalArgumentException e) {
      return "; " + e.getMessage();
    }
  }
}
