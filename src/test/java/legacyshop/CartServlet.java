package legacyshop;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/**
 * Shows the cart, after adding ({@code add=code}) or removing ({@code remove=code}) a product. The
 * cart is changed where it lies: nobody calls {@code setAttribute} again.
 */
public class CartServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    cartOf(request);
    request.getRequestDispatcher("/WEB-INF/jsp/cart.jsp").forward(request, response);
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    Cart cart = cartOf(request);
    Product product = Product.byCode(request.getParameter("add"));
    if (product != null) {
      cart.add(product, NodeName.of(getServletContext()));
    }
    String removed = request.getParameter("remove");
    if (removed != null) {
      cart.remove(removed);
    }
    doGet(request, response);
  }

  private static Cart cartOf(HttpServletRequest request) {
    HttpSession session = request.getSession();
    Cart cart = (Cart) session.getAttribute("cart");
    if (cart == null) {
      cart = new Cart();
      session.setAttribute("cart", cart);
    }
    return cart;
  }
}
