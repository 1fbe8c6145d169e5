package legacyshop;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Map;

/** Shows the login form, and checks what comes back. */
public class LoginServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private static final Map<String, String> PASSWORDS =
      Map.of("duke", "java", "tux", "linux", "beastie", "bsd");
  private static final Map<String, String> FULL_NAMES =
      Map.of("duke", "Duke of Java", "tux", "Tux the Penguin", "beastie", "Beastie Daemon");

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    request.getRequestDispatcher("/WEB-INF/jsp/login.jsp").forward(request, response);
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String name = String.valueOf(request.getParameter("user"));
    if (!PASSWORDS.containsKey(name) || !isPasswordOf(name, request.getParameter("password"))) {
      request.setAttribute("message", "Unknown user, or not the password.");
      doGet(request, response);
      return;
    }
    HttpSession session = request.getSession();
    request.changeSessionId();
    session.setAttribute("user", new User(name, FULL_NAMES.get(name)));
    response.sendRedirect(response.encodeRedirectURL(request.getContextPath() + "/cart"));
  }

  private static boolean isPasswordOf(String name, String password) {
    return PASSWORDS.get(name).equals(password);
  }
}
