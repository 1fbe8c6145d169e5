package loginflow;

import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sessions have begun here. */
@WebListener
public class SessionCounter implements HttpSessionListener {

  private static final AtomicInteger CREATED = new AtomicInteger();

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    CREATED.incrementAndGet();
  }

  /** Answers the number. */
  @WebServlet("/counted")
  public static class Page extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print(CREATED.get());
    }
  }
}
