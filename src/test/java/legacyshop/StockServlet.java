package legacyshop;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Asks the warehouse, which is slow, from a thread of its own: JSON of what is in stock of the
 * cart's items. Each question is counted in the session, by that thread.
 */
public class StockServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;
  private static final int TIMEOUT_MILLIS = 10_000;

  private transient ExecutorService warehouse;

  @Override
  public void init() {
    warehouse = Executors.newFixedThreadPool(2, task -> new Thread(task, "warehouse"));
  }

  @Override
  public void destroy() {
    warehouse.shutdownNow();
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    AsyncContext async = request.startAsync();
    async.setTimeout(TIMEOUT_MILLIS);
    warehouse.execute(() -> answer(async));
  }

  private void answer(AsyncContext async) {
    try {
      HttpSession session = ((HttpServletRequest) async.getRequest()).getSession();
      HttpServletResponse response = (HttpServletResponse) async.getResponse();
      Integer before = (Integer) session.getAttribute("stockQuestions");
      int questions = before == null ? 1 : before + 1;
      session.setAttribute("stockQuestions", questions);
      response.setContentType("application/json");
      response.getWriter().print(json((Cart) session.getAttribute("cart"), questions));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      async.complete();
    }
  }

  private String json(Cart cart, int questions) {
    Json json =
        Json.object()
            .put("node", NodeName.of(getServletContext()))
            .put("thread", Thread.currentThread().getName())
            .put("questions", questions);
    if (cart != null) {
      for (CartItem item : cart.getItems()) {
        json.put("stock." + item.getCode(), Product.byCode(item.getCode()).getStock());
      }
    }
    return json.toString();
  }
}
