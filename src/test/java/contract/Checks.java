package contract;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A servlet with named checks, {@code ?check=...}; without a name it lists those it has. */
abstract class Checks extends HttpServlet {

  private final Map<String, Check> checks = new LinkedHashMap<>();

  final void check(String name, Check check) {
    checks.put(name, check);
  }

  @Override
  protected final void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String name = request.getParameter("check");
    Check check = checks.get(name == null ? "" : name);
    if (name == null) {
      response.getWriter().print(String.join("\n", checks.keySet()));
    } else if (check == null) {
      throw new IllegalArgumentException(name);
    } else {
      Seen.pending();
      try {
        check.look(request, response);
      } finally {
        Seen.done();
      }
    }
  }

  /** One check. */
  interface Check {
    void look(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException;
  }
}
