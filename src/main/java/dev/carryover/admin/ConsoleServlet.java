package dev.carryover.admin;

import com.grack.nanojson.JsonWriter;
import dev.carryover.session.SessionUnavailableException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console of a web application: a page, its files, and the questions and orders that it sends.
 * Where the configuration has no console, there is nothing here.
 *
 * <p>It is registered by itself at {@code console.path}. Where initializers do not run, declare it
 * in {@code web.xml}, mapped to {@code /carryover/*} or another path that ends so.
 */
public final class ConsoleServlet extends HttpServlet {

  private static final Logger log = LoggerFactory.getLogger(ConsoleServlet.class);

  /** Of an id; never all of it, which would be in access logs. */
  private static final String PREFIX = "[A-Za-z0-9_-]{4,16}";

  /** Nothing inline, nothing from elsewhere, in nobody's frame. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String PAGE = "index.html";

  private static final String NODE = "/api/node";

  /** What is served, and where it is in the jar: not where containers serve it themselves. */
  private static final Map<String, String> FILES =
      Map.of(
          "/", PAGE,
          "/console.css", "console.css",
          "/console.js", "console.js",
          "/icon.svg", "icon.svg",
          "/uplot.css", "uplot/uPlot.min.css",
          "/uplot.js", "uplot/uPlot.iife.min.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=UTF-8",
          "css", "text/css;charset=UTF-8",
          "js", "text/javascript;charset=UTF-8",
          "svg", "image/svg+xml");

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    Console console = Console.of(getServletContext());
    if (console == null) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    response.setHeader("Cache-Control", "no-store");
    if (console.guard().admits(request, response)) {
      // Not before: a container may have forwarded to the application's own login page.
      protect(response);
      serve(console, request, response);
    }
  }

  private static void protect(HttpServletResponse response) {
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  }

  private static void serve(
      Console console, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo();
    String method = request.getMethod();
    if (path == null) {
      response.sendRedirect(request.getContextPath() + request.getServletPath() + '/');
    } else if (method.equals("GET") || method.equals("HEAD")) {
      get(console, path, request, response);
    } else if (method.equals("POST") && path.startsWith("/api/")) {
      post(console, path, request, response);
    } else {
      response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    }
  }

  private static void get(
      Console console, String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String file = FILES.get(path);
    if (file != null) {
      if (file.equals(PAGE)) {
        // With the page: of several questions at once each would get a token of its own.
        token(console, request, response);
      }
      send(file, response);
    } else if (path.startsWith("/api/")) {
      String token = path.equals(NODE) ? token(console, request, response) : "";
      respond(response, () -> answer(console, path, request, token));
    } else {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  private static @Nullable Map<String, @Nullable Object> answer(
      Console console, String path, HttpServletRequest request, String token) {
    switch (path) {
      case NODE:
        Map<String, @Nullable Object> node = console.node();
        node.put("token", token);
        return node;
      case "/api/statistics":
        return console.statistics();
      case "/api/sessions":
        return sessions(console, request);
      case "/api/session":
        return console.session(parameter(request, "handle"));
      default:
        return null;
    }
  }

  private static Map<String, @Nullable Object> sessions(
      Console console, HttpServletRequest request) {
    String principal = parameter(request, "principal");
    String prefix = parameter(request, "prefix");
    if (!principal.isEmpty()) {
      return console.ofPrincipal(principal);
    }
    if (prefix.isEmpty()) {
      return console.some();
    }
    if (!prefix.matches(PREFIX)) {
      throw new IllegalArgumentException("Give 4 to 16 characters of A-Z a-z 0-9 _ -");
    }
    return console.beginningWith(prefix);
  }

  private static String token(
      Console console, HttpServletRequest request, HttpServletResponse response) {
    return ForgeryProtection.token(request, response, console.isForTlsAlone());
  }

  private static void post(
      Console console, String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!ForgeryProtection.isGenuine(request)) {
      log.warn(
          "Carryover[{}] an order to the console did not come from its page, and was refused",
          console.namespace());
      write(
          response,
          HttpServletResponse.SC_FORBIDDEN,
          Map.of(
              "error",
              "This did not come from the console's page, or a proxy has changed the Host header. Load"
                  + " it anew."));
      return;
    }
    respond(response, () -> order(console, path, request));
  }

  private static @Nullable Map<String, @Nullable Object> order(
      Console console, String path, HttpServletRequest request) {
    if (path.equals("/api/end")) {
      String ended = console.end(parameter(request, "handle"));
      if (ended != null) {
        log.info(
            "Carryover[{}] session {}... was ended by the console, for {}",
            console.namespace(),
            ended,
            operator(request));
      }
      return Map.of("ended", ended == null ? 0 : 1);
    }
    String principal = parameter(request, "principal");
    if (path.equals("/api/end-all") && !principal.isEmpty()) {
      return Map.of("ended", endAll(console, principal, request));
    }
    return null;
  }

  private static int endAll(Console console, String principal, HttpServletRequest request) {
    String ended = "some or none of the";
    try {
      int count = console.endAll(principal);
      ended = "all " + count;
      return count;
    } finally {
      log.info(
          "Carryover[{}] {} sessions of a user were ended by the console, for {}",
          console.namespace(),
          ended,
          operator(request));
    }
  }

  /** Who has given the order, as far as that is known. */
  private static String operator(HttpServletRequest request) {
    String user = request.getRemoteUser();
    return user == null ? "somebody on this machine" : user.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
  }

  private static String parameter(HttpServletRequest request, String name) {
    String value = request.getParameter(name);
    return value == null ? "" : value;
  }

  /** Something that is asked, of sessions. */
  private interface Question {
    @Nullable Map<String, @Nullable Object> ask();
  }

  private static void respond(HttpServletResponse response, Question question) throws IOException {
    try {
      Map<String, @Nullable Object> answer = question.ask();
      if (answer == null) {
        write(
            response,
            HttpServletResponse.SC_NOT_FOUND,
            Map.of("error", "It is not there any more."));
      } else {
        write(response, HttpServletResponse.SC_OK, answer);
      }
    } catch (IllegalArgumentException e) {
      write(
          response,
          HttpServletResponse.SC_BAD_REQUEST,
          Map.of("error", String.valueOf(e.getMessage())));
    } catch (SessionUnavailableException e) {
      write(
          response,
          HttpServletResponse.SC_SERVICE_UNAVAILABLE,
          Map.of("error", "Redis does not answer in time."));
    }
  }

  private static void write(
      HttpServletResponse response, int status, Map<String, ? extends @Nullable Object> answer)
      throws IOException {
    response.setStatus(status);
    response.setContentType("application/json;charset=UTF-8");
    response.getWriter().write(JsonWriter.string(answer));
  }

  private static void send(String file, HttpServletResponse response) throws IOException {
    try (InputStream in = ConsoleServlet.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("The jar is incomplete: " + file + " is missing");
      }
      byte[] bytes = in.readAllBytes();
      response.setContentType(TYPES.get(file.substring(file.lastIndexOf('.') + 1)));
      response.setContentLength(bytes.length);
      response.getOutputStream().write(bytes);
    }
  }
}
