package dev.carryover.demo;

import dev.carryover.testing.Browser;
import java.net.URI;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Someone with a browser who only knows the front's address. */
final class Visitor {

  private final Browser browser = Browser.browser();
  private final URI front;

  Visitor(URI front) {
    this.front = front;
  }

  Reply get(String path) {
    return new Reply(browser.get(front.resolve(path)));
  }

  /** Posts a form. */
  Reply post(String path, Map<String, String> form) {
    return new Reply(browser.post(front.resolve(path), form));
  }

  /** Returns what a node tells someone who comes straight to it, with that session id. */
  static Reply whoIs(String sessionId, URI node) {
    return new Reply(
        Browser.browser().get(node.resolve("/whoami"), "Cookie", "JSESSIONID=" + sessionId));
  }

  /** What came back. */
  record Reply(Browser.Response response) {

    int status() {
      return response.status();
    }

    String body() {
      return response.body();
    }

    String location() {
      return response.header("Location");
    }

    /** Returns the name of the node that the front had asked. */
    String node() {
      return response.header(Front.NODE);
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
  }
}
