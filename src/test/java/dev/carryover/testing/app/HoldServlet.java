package dev.carryover.testing.app;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps other servlets' requests where a test wants them: they call {@link #hold}, and go on once
 * the test has asked for {@code ?release=key}. {@code ?await=key} answers when the request is
 * there.
 */
@WebServlet("/hold")
public class HoldServlet extends HttpServlet {

  private static final long PATIENCE_SECONDS = 30;
  private static final Map<String, CountDownLatch> ARRIVED = new ConcurrentHashMap<>();
  private static final Map<String, CountDownLatch> RELEASED = new ConcurrentHashMap<>();

  /** Waits until the test releases the key; goes on at once without a key. */
  public static void hold(String key) {
    if (key != null) {
      latch(ARRIVED, key).countDown();
      await(RELEASED, key);
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String awaited = request.getParameter("await");
    if (awaited != null) {
      await(ARRIVED, awaited);
    } else {
      latch(RELEASED, request.getParameter("release")).countDown();
    }
    response.getWriter().write("done");
  }

  private static CountDownLatch latch(Map<String, CountDownLatch> latches, String key) {
    return latches.computeIfAbsent(key, unused -> new CountDownLatch(1));
  }

  private static void await(Map<String, CountDownLatch> latches, String key) {
    try {
      if (!latch(latches, key).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("Nobody came for " + key);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
