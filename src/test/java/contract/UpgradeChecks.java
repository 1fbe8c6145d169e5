package contract;

import static contract.Seen.attempt;
import static contract.Seen.see;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;

/** Leaves HTTP. */
@WebServlet("/upgrade")
public final class UpgradeChecks extends Checks {

  @Override
  public void init() {
    check(
        "upgrade",
        (request, response) -> {
          HttpSession session = request.getSession();
          session.setAttribute("a", "before the upgrade");
          response.setHeader("Connection", "Upgrade");
          response.setHeader("Upgrade", "echo");
          Echo echo = request.upgrade(Echo.class);
          echo.session = session;
          Seen.pending();
          see("handler", echo.getClass().getSimpleName());
        });
    check(
        "upgradeToWhatCantBeMade",
        (request, response) -> attempt("upgrade", () -> upgrade(request)));
    check("look", (request, response) -> see("a", request.getSession().getAttribute("a")));
  }

  private static Object upgrade(HttpServletRequest request) throws Exception {
    return request.upgrade(Abstract.class);
  }

  /** Can't be made. */
  public abstract static class Abstract implements HttpUpgradeHandler {}

  /** Sends one line back, and ends. */
  public static final class Echo implements HttpUpgradeHandler {

    private HttpSession session;

    @Override
    public void init(WebConnection connection) {
      Thread thread = new Thread(() -> echo(connection));
      thread.setDaemon(true);
      thread.start();
    }

    private void echo(WebConnection connection) {
      try {
        StringBuilder line = new StringBuilder("echo ");
        for (int b = connection.getInputStream().read();
            b >= 0 && b != '\n';
            b = connection.getInputStream().read()) {
          line.append((char) b);
        }
        attempt(
            "session",
            () -> {
              session.setAttribute("a", "after the upgrade");
              return session.getAttribute("a");
            });
        Seen.done();
        connection.getOutputStream().print(line + "\n");
        connection.getOutputStream().flush();
        close(connection);
      } catch (IOException e) {
        see("upgraded", e.getClass().getSimpleName());
      } catch (Exception e) {
        see("closing", e.getClass().getSimpleName());
      }
    }

    /** The client, which has its answer now, may be quicker. */
    private static void close(WebConnection connection) throws Exception {
      try {
        connection.close();
      } catch (IOException e) {
        // Closed it is.
      }
    }

    @Override
    public void destroy() {}
  }
}
