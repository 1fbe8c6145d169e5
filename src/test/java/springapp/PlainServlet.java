package springapp;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * No part of Spring MVC: has the session's bean only because {@code RequestContextListener} has
 * seen the request.
 */
@WebServlet("/plain/*")
public class PlainServlet extends HttpServlet {

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getPathInfo().equals("/journal")) {
      response.getWriter().write(String.join("\n", Journal.lines()));
      return;
    }
    Cart cart =
        WebApplicationContextUtils.getRequiredWebApplicationContext(getServletContext())
            .getBean(Cart.class);
    cart.add("plain");
    response.getWriter().write(cart.told());
  }
}
