package dev.carryover.testing.app;

import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Remembers the names of all request attributes that it hears of. */
@WebListener
public class AttributeWatcher implements ServletRequestAttributeListener {

  private static final Set<String> NAMES = new ConcurrentSkipListSet<>();

  @Override
  public void attributeAdded(ServletRequestAttributeEvent event) {
    NAMES.add(event.getName());
  }

  @Override
  public void attributeReplaced(ServletRequestAttributeEvent event) {
    NAMES.add(event.getName());
  }

  @Override
  public void attributeRemoved(ServletRequestAttributeEvent event) {
    NAMES.add(event.getName());
  }

  /** Says what was heard of so far. */
  @WebServlet("/watched")
  public static class Names extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().write(String.join("\n", NAMES));
    }
  }
}
