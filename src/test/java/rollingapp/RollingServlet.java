package rollingapp;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Hands the session's attributes to this version's {@code model.Shop} and answers what it says. */
@WebServlet("/shop")
public class RollingServlet extends HttpServlet {

  @Override
  @SuppressWarnings("unchecked")
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    Function<String, Object> get = session::getAttribute;
    BiConsumer<String, Object> set = session::setAttribute;
    try {
      Object shop = Class.forName("model.Shop").getConstructor().newInstance();
      var visit = (BiFunction<Function<String, Object>, BiConsumer<String, Object>, String>) shop;
      response.getWriter().write(visit.apply(get, set));
    } catch (ReflectiveOperationException e) {
      throw new IOException(e);
    }
  }
}
