package legacyshop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.PrintWriter;

/** The head of every page: who is logged in, what the cart holds, which node answers. */
public class BannerServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession(false);
    User user = session == null ? null : (User) session.getAttribute("user");
    Cart cart = session == null ? null : (Cart) session.getAttribute("cart");
    String base = request.getContextPath();
    PrintWriter out = response.getWriter();
    out.println("<!DOCTYPE html>");
    out.println("<html lang=\"en\"><head><meta charset=\"UTF-8\">");
    out.println("<title>" + request.getAttribute("title") + " - Legacy Shop</title>");
    // Inlined: a page is then one request, and a click on a load balancer one step.
    out.println("<link rel=\"icon\" href=\"data:,\"><style>" + STYLE + "</style></head><body>");
    out.println("<header><b>Legacy Shop</b><nav>");
    link(out, response.encodeURL(base + "/"), "Shop");
    link(out, response.encodeURL(base + "/cart"), "Cart (" + sizeOf(cart) + ")");
    link(out, response.encodeURL(base + "/account.jsp"), "Account");
    link(out, response.encodeURL(base + "/events"), "Events");
    link(out, response.encodeURL(base + "/whoami"), "Who am I");
    out.println("</nav><span>" + (user == null ? "nobody" : user.getFullName()) + " on node");
    out.println("<b class=\"node\">" + NodeName.of(getServletContext()) + "</b></span></header>");
    out.println("<main><h1>" + request.getAttribute("title") + "</h1>");
  }

  private static int sizeOf(Cart cart) {
    return cart == null ? 0 : cart.getSize();
  }

  private static void link(PrintWriter out, String address, String text) {
    out.println("<a href=\"" + address + "\">" + text + "</a>");
  }

  private static final String STYLE =
      "body{font:16px/1.5 sans-serif;margin:0;color:#222}"
          + "header{display:flex;gap:2em;align-items:baseline;padding:.6em 1em;background:#eee}"
          + "nav{flex:1}nav a{margin-right:1em}main{max-width:46em;margin:0 auto;padding:0 1em}"
          + "table{border-collapse:collapse;width:100%}"
          + "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #ddd}"
          + "form{display:inline}.node{background:#246;color:#fff;padding:0 .5em}"
          + ".message{color:#a00}code{overflow-wrap:anywhere}";
}
