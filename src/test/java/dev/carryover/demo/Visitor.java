package dev.carryover.demo;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Someone with a browser, who keeps cookies and sees redirects. */
final class Visitor {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  private final URI front;

  Visitor(URI front) {
    this.front = front;
  }

  Reply get(String path) {
    return send(client, HttpRequest.newBuilder(front.resolve(path)));
  }

  /** Posts a form. */
  Reply post(String path, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        client,
        HttpRequest.newBuilder(front.resolve(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Returns what a node tells someone who comes straight to it, with that session id. */
  static Reply whoIs(String sessionId, URI node) {
    return send(
        HttpClient.newHttpClient(),
        HttpRequest.newBuilder(node.resolve("/whoami"))
            .header("Cookie", "JSESSIONID=" + sessionId));
  }

  private static Reply send(HttpClient client, HttpRequest.Builder request) {
    try {
      return new Reply(
          client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new IllegalStateException("No response: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** What came back. */
  record Reply(HttpResponse<String> response) {

    int status() {
      return response.statusCode();
    }

    String body() {
      return response.body();
    }

    /** Returns the name of the node that the front had asked, "-" if there was none. */
    String node() {
      return header(Front.NODE);
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("-");
    }

    /** Returns a member of a flat JSON object; null if it is null or not there. */
    String member(String name) {
      Matcher matcher =
          Pattern.compile('"' + Pattern.quote(name) + "\":(?:\"([^\"]*)\"|([^,}]*))")
              .matcher(body());
      if (!matcher.find()) {
        return null;
      }
      String text = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      return text.equals("null") ? null : text;
    }

    @Override
    public String toString() {
      return status() + " from node " + node() + ": " + body();
    }
  }
}
