package legacyshop;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Turns the cart into an order, and forwards to the {@link ReceiptServlet}. */
public class CheckoutServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    HttpSession session = request.getSession();
    Cart cart = (Cart) session.getAttribute("cart");
    if (session.getAttribute("user") == null) {
      response.sendRedirect(response.encodeRedirectURL(request.getContextPath() + "/login"));
      return;
    }
    if (cart == null || cart.getSize() == 0) {
      response.sendRedirect(response.encodeRedirectURL(request.getContextPath() + "/cart"));
      return;
    }
    session.setAttribute("lastOrder", cart.getSize() + " pieces for " + cart.getTotal());
    cart.clear();
    request.getRequestDispatcher("/receipt").forward(request, response);
  }
}
