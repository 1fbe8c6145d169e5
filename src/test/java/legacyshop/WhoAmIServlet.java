package legacyshop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/**
 * Tells as JSON which node answers and what it knows of the visitor; begins no session unless asked
 * to ({@code create=true}). Without a session, there is nothing but the node.
 */
public class WhoAmIServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean create = Boolean.parseBoolean(request.getParameter("create"));
    response.setContentType("application/json");
    response.getWriter().print(json(request.getSession(create)));
  }

  private Json json(HttpSession session) {
    Json json = Json.object().put("node", NodeName.of(getServletContext()));
    if (session == null) {
      return json.put("user", null).put("items", 0).put("sessionId", null);
    }
    User user = (User) session.getAttribute("user");
    Cart cart = (Cart) session.getAttribute("cart");
    return json.put("user", user == null ? null : user.getName())
        .put("items", cart == null ? 0 : cart.getSize())
        .put("sessionId", session.getId())
        .put("isNew", session.isNew())
        .put("createdAt", session.getCreationTime())
        .put("lastAccessed", session.getLastAccessedTime());
  }
}
