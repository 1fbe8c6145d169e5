package dev.carryover.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.BothWars;
import dev.carryover.testing.Browser;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import dev.carryover.testing.app.UploadServlet;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What has nothing to do with sessions is as it was: uploads, users and their roles. */
class UnhurtIT {

  private static final String AUTHORIZATION =
      "Authorization: Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(UTF_8));

  private static final String BODY =
      """
      --limit
      Content-Disposition: form-data; name="title"

      A pear
      --limit
      Content-Disposition: form-data; name="file"; filename="pear.txt"
      Content-Type: text/plain

      %s
      --limit--
      """
          .formatted("green ".repeat(5_000))
          .replace("\n", "\r\n");

  @RegisterExtension static final BothWars wars = BothWars.of(UnhurtIT::war);

  private static WarBuilder war() {
    return WarBuilder.war()
        .classes(UploadServlet.class, OperationsServlet.class)
        .webXml(WebXml.with(WebXml.BASIC_LOGIN));
  }

  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#thatReadAllOfAWar")
  void uploadsUsersAndRolesAreAsTheyWere(WebContainer.Kind kind) {
    String expected;
    try (WebContainer plain = start(kind, wars.without())) {
      expected = upload(plain, Browser.browser());
    }
    assertThat(expected)
        .startsWith("200 title=null file=pear.txt A pear 30000 ann BASIC true false ann");
    Browser browser = Browser.browser();
    try (WebContainer first = start(kind, wars.with());
        WebContainer second = start(kind, wars.with())) {
      assertThat(upload(first, browser)).isEqualTo(expected);
      assertThat(browser.get(second.uri("/do?do=get:title&do=get:file")).body())
          .startsWith("A pear\ngreen green ");
    }
  }

  private static String upload(WebContainer node, Browser browser) {
    try (RawHttp http = RawHttp.connect(node.port())) {
      http.request(
          "POST",
          node.uri("/secured/upload"),
          AUTHORIZATION,
          "Content-Type: multipart/form-data; boundary=limit",
          "Content-Length: " + BODY.length(),
          "Connection: close");
      http.send(BODY);
      RawHttp.Head head = http.readHead();
      browser.setCookie("JSESSIONID", head.cookie("JSESSIONID"));
      return head.status() + " " + new String(http.readBody(), UTF_8);
    }
  }

  private static WebContainer start(WebContainer.Kind kind, Path war) {
    return kind.node(war)
        .user("ann", "secret", "customer")
        .contextParam("carryover.redis.url", wars.redis().url())
        .start();
  }
}
