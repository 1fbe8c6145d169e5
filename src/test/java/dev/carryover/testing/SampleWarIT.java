package dev.carryover.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser.Response;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample application does what it should, on a container's own sessions. */
class SampleWarIT {

  @TempDir static Path directory;
  private static JettyNode node;

  private final Browser browser = Browser.browser();

  @BeforeAll
  static void deploy() {
    node =
        JettyNode.node()
            .war(SampleWar.build(directory.resolve("shop.war"), false))
            .contextPath("/shop")
            .contextParam("shop.node", "one")
            .start();
  }

  @AfterAll
  static void undeploy() {
    node.close();
  }

  @Test
  void beginsNoSessionForThoseWhoOnlyAskWhoTheyAre() {
    assertThat(get("/whoami").body())
        .isEqualTo("{\"node\":\"one\",\"user\":null,\"items\":0,\"sessionId\":null}");
    assertThat(get("/whoami?create=true").body()).contains("\"isNew\":true");
    assertThat(get("/whoami").body()).contains("\"isNew\":false");
  }

  @Test
  void givesANewIdAtLogin() {
    get("/");
    String before = browser.cookie("JSESSIONID");

    Response login = logIn("java");

    assertThat(login.status()).isEqualTo(302);
    assertThat(browser.cookie("JSESSIONID")).isNotEqualTo(before);
    assertThat(browser.follow(login).body()).contains("Duke of Java on node");
  }

  @Test
  void refusesAWrongPassword() {
    assertThat(logIn("coffee").body()).contains("Unknown user");
    assertThat(get("/whoami").body()).contains("\"user\":null");
  }

  @Test
  void collectsInTheCartWhatIsThenSold() {
    logIn("java");
    post("/cart", Map.of("add", "mug"));
    post("/cart", Map.of("add", "mouse"));
    assertThat(post("/cart", Map.of("add", "mug")).body()).contains("Cart (3)", ">16.25<");
    assertThat(post("/cart", Map.of("remove", "mouse")).body()).contains("Cart (2)", ">9.00<");

    assertThat(post("/checkout", Map.of()).body())
        .contains("You ordered 2 pieces for 9.00", "Cart (0)");
    assertThat(get("/account.jsp").body()).contains("2 pieces for 9.00", "1200 seconds");
  }

  @Test
  void asksTheWarehouseInAnotherThread() {
    post("/cart", Map.of("add", "tape"));

    assertThat(get("/stock").body())
        .contains("\"thread\":\"warehouse\"", "\"questions\":1", "\"stock.tape\":400");
    assertThat(get("/stock").body()).contains("\"questions\":2");
  }

  @Test
  void showsItsOwnErrorPages() {
    logIn("java");

    Response broken = get("/broken");
    assertThat(broken.status()).isEqualTo(500);
    assertThat(broken.body()).contains("Error 500", "Sorry, Duke of Java", "broken on purpose");
    Response missing = get("/missing");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.body()).contains("Error 404", "Sorry, Duke of Java");
  }

  @Test
  void tellsWhatItsListenersWereTold() {
    get("/");
    logIn("java");
    post("/cart", Map.of("add", "mug"));
    String id = browser.cookie("JSESSIONID").substring(0, 8);
    post("/logout", Map.of());

    assertThat(get("/events").body())
        .contains(
            "sessionIdChanged " + id,
            "valueBound " + id + " duke",
            "attributeAdded " + id + " cart",
            "sessionDestroyed " + id,
            "user duke, items 1",
            "valueUnbound " + id + " duke");
  }

  private Response get(String path) {
    return browser.get(node.uri(path));
  }

  private Response post(String path, Map<String, String> form) {
    return browser.post(node.uri(path), form);
  }

  private Response logIn(String password) {
    return post("/login", Map.of("user", "duke", "password", password));
  }
}
