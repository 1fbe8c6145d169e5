package dev.carryover.servlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Stub;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is kept of a request while its user logs in, and what the application sees of it then. */
class SavedPageTest {

  private static final String FORM = "application/x-www-form-urlencoded";

  @Test
  void aPostedFormIsSeenAgain() throws IOException {
    HttpServletRequest posted =
        request("POST", "/app/page", "x=1", Map.of("Content-Type", FORM), "item=%C3%A4&x=2&empty");

    SavedPageRequest seen = seen(posted, request("GET", "/app/page", "x=1", Map.of(), ""));

    assertThat(seen.getMethod()).isEqualTo("POST");
    assertThat(seen.getParameterValues("x")).containsExactly("1", "2");
    assertThat(seen.getParameter("empty")).isEmpty();
    assertThat(seen.getParameter("item")).isEqualTo("\u00e4");
    assertThat(Collections.list(seen.getParameterNames())).containsExactly("x", "item", "empty");
    assertThat(seen.getInputStream().readAllBytes()).as("read as a form").isEmpty();
  }

  @Test
  void aPostedTextIsSeenAgain() throws IOException {
    HttpServletRequest posted =
        request("PUT", "/app/page", null, Map.of("Content-Type", "text/plain"), "a text");

    SavedPageRequest seen = seen(posted, request("GET", "/app/page", null, Map.of(), ""));

    assertThat(seen.getReader().readLine()).isEqualTo("a text");
    assertThat(seen.getContentLength()).isEqualTo(6);
    assertThat(seen.getParameterMap()).isEmpty();
  }

  /** What says who somebody is, and what caches have, is of the later request. */
  @Test
  void headersAreOfTheFirstRequestButCookiesOfTheLast() throws IOException {
    HttpServletRequest posted =
        request(
            "POST",
            "/app/page",
            null,
            Map.of(
                "X-Test",
                "kept",
                "Cookie",
                "old",
                "Authorization",
                "Basic x",
                "Proxy-Authorization",
                "x"),
            "");

    SavedPageRequest seen =
        seen(posted, request("GET", "/app/page", null, Map.of("Cookie", "new"), ""));

    assertThat(Collections.list(seen.getHeaderNames())).containsExactly("Cookie", "X-Test");
    assertThat(seen.getHeader("x-test")).isEqualTo("kept");
    assertThat(Collections.list(seen.getHeaders("cookie"))).containsExactly("new");
    assertThat(seen.getHeader("Authorization")).isNull();
  }

  @Test
  void ofWhatIsTooLongOnlyTheAddressIsKept() throws IOException {
    String body = "x".repeat(SavedPage.MOST_BYTES);

    assertThat(SavedPage.of(posted(body), true).hasMoreThanAddress()).isTrue();
    SavedPage tooLong = SavedPage.of(posted(body + "x"), true);
    assertThat(tooLong.hasMoreThanAddress()).isFalse();
    assertThat(tooLong.address()).isEqualTo("/app/page?x=1");
    assertThat(tooLong.body()).isEmpty();
  }

  @Test
  void strangersCanStoreLittle() throws IOException {
    Map<String, String> large = Map.of("X-Large", "x".repeat(SavedPage.MOST_CHARS));
    String longPath = "/" + "x".repeat(SavedPage.MOST_CHARS);

    assertThat(SavedPage.of(request("POST", "/app/page", null, large, "body"), true).encode())
        .hasSizeLessThan(100);
    assertThat(SavedPage.of(request("POST", longPath, null, Map.of(), "body"), true)).isNull();
    assertThat(SavedPage.of(request("GET", "/", longPath, Map.of(), ""), true)).isNull();
  }

  @Test
  void theMethodIsKeptWithoutABodyOnlyWhereTheContainerDoes() throws IOException {
    HttpServletRequest delete = request("DELETE", "/app/page", null, Map.of(), "");

    assertThat(SavedPage.of(delete, true).method()).isEqualTo("DELETE");
    assertThat(SavedPage.of(delete, false).hasMoreThanAddress()).isFalse();
    assertThat(SavedPage.of(posted("body"), false).method()).isEqualTo("POST");
    assertThat(SavedPage.of(request("HEAD", "/app/page", null, Map.of(), ""), true).method())
        .isEqualTo("GET");
  }

  @Test
  void uploadsAreNotKept() throws IOException {
    Map<String, String> headers = Map.of("Content-Type", "multipart/form-data; boundary=b");
    HttpServletRequest upload = request("POST", "/app/page", null, headers, "--b--");

    assertThat(SavedPage.of(upload, true).hasMoreThanAddress()).isFalse();
  }

  @Test
  void itIsSeenAtItsOwnAddressOnly() throws IOException {
    SavedPage page = SavedPage.of(posted("body"), true);

    assertThat(page.isAskedForBy(request("GET", "/app/page", "x=1", Map.of(), ""))).isTrue();
    assertThat(page.isAskedForBy(request("GET", "/app/page", "x=2", Map.of(), ""))).isFalse();
    assertThat(page.isAskedForBy(request("GET", "/app/other", "x=1", Map.of(), ""))).isFalse();
    assertThat(page.isAskedForBy(request("POST", "/app/page", "x=1", Map.of(), ""))).isFalse();
  }

  @Test
  void aSessionsIdIsNoPartOfTheAddress() throws IOException {
    String id = ";CARRYOVERID=" + "a".repeat(43);

    SavedPage page = SavedPage.of(request("GET", "/app/page" + id, null, Map.of(), ""), true);

    assertThat(page.address()).isEqualTo("/app/page");
    assertThat(page.isAskedForBy(request("GET", "/app/page" + id, null, Map.of(), ""))).isTrue();
    assertThat(SavedPage.of(request("GET", "/app/a;v=1/b", null, Map.of(), ""), true).address())
        .isEqualTo("/app/a;v=1/b");
  }

  @Test
  void noAddressIsOfAnotherServer() throws IOException {
    String id = "/;CARRYOVERID=" + "a".repeat(43);

    for (String path :
        List.of("//evil.com/x", "/\\evil.com/x", "///evil.com/x", id + "/evil.com/x")) {
      HttpServletRequest request = request("GET", path, null, Map.of(), "");
      SavedPage page = SavedPage.of(request, true);

      assertThat(page.address()).isEqualTo("/evil.com/x");
      assertThat(page.isAskedForBy(request)).isTrue();
    }
  }

  @Test
  void damagedBytesAreNoPage() throws IOException {
    byte[] bytes = SavedPage.of(posted("body"), true).encode();

    assertThat(SavedPage.decode(new byte[0])).isNull();
    assertThat(SavedPage.decode(new byte[] {2})).isNull();
    for (int length = 1; length < bytes.length; length++) {
      assertThat(SavedPage.decode(Arrays.copyOf(bytes, length))).isNull();
    }
    assertThat(SavedPage.decode(bytes)).isNotNull();
  }

  private static HttpServletRequest posted(String body) {
    return request("POST", "/app/page", "x=1", Map.of("Content-Type", "text/plain"), body);
  }

  private static SavedPageRequest seen(HttpServletRequest first, HttpServletRequest last)
      throws IOException {
    return new SavedPageRequest(last, SavedPage.decode(SavedPage.of(first, true).encode()));
  }

  private static HttpServletRequest request(
      String method, String path, String query, Map<String, String> headers, String body) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(headers);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return Stub.of(
        HttpServletRequest.class,
        (proxy, asked, arguments) ->
            switch (asked.getName()) {
              case "getMethod" -> method;
              case "getRequestURI" -> path;
              case "getQueryString" -> query;
              case "getContentType" -> all.get("Content-Type");
              case "getContentLengthLong" -> -1L;
              case "getCharacterEncoding" -> "UTF-8";
              case "getHeaderNames" -> Collections.enumeration(all.keySet());
              case "getHeaders" ->
                  Collections.enumeration(
                      all.containsKey(arguments[0]) ? List.of(all.get(arguments[0])) : List.of());
              case "getParameterMap" ->
                  query == null
                      ? Map.of()
                      : Map.of(query.split("=")[0], new String[] {query.split("=")[1]});
              case "getInputStream" -> new Body(new ByteArrayInputStream(bytes));
              default -> throw new UnsupportedOperationException(asked.getName());
            });
  }

  private static final class Body extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    private Body(ByteArrayInputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {}
  }
}
