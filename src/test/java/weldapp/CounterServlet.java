package weldapp;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/**
 * Does with the beans what {@code ?do=} says, and tells what they know. It looks them up, since not
 * every container has Weld inject into servlets.
 */
@WebServlet("/counter")
public class CounterServlet extends HttpServlet {

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String word = request.getParameter("word");
    bean(Visit.class).to(word);
    response.getWriter().write(answer(request, word));
  }

  private static String answer(HttpServletRequest request, String word) {
    switch (request.getParameter("do")) {
      case "count":
        bean(Counter.class).count(word);
        return bean(Counter.class).told();
      case "read":
        return bean(Counter.class).told();
      case "nothing":
        return bean(Visit.class).page();
      case "say":
        return bean(Talk.class).say(word);
      case "endTalk":
        return bean(Talk.class).end();
      case "interval":
        request.getSession().setMaxInactiveInterval(Integer.parseInt(word));
        return word;
      case "rotate":
        request.changeSessionId();
        return bean(Counter.class).told();
      case "invalidate":
        request.getSession().invalidate();
        return "invalidated";
      case "readAfterInvalidate":
        HttpSession old = request.getSession();
        old.invalidate();
        return bean(Counter.class).told() + " new " + (request.getSession() != old);
      default:
        throw new IllegalArgumentException(request.getParameter("do"));
    }
  }

  private static <T> T bean(Class<T> type) {
    return CDI.current().select(type).get();
  }

  /** Answers all that was written down on this node. */
  @WebServlet("/journal")
  public static class Lines extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().write(String.join("\n", Journal.lines()));
    }
  }
}
