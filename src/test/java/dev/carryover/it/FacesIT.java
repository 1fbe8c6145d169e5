package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.BothWars;
import dev.carryover.testing.Browser;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mojarra keeps its views in the session; their post-backs go to two nodes in turn, and the visitor
 * sees what one node without Carryover shows.
 */
class FacesIT {

  private static final Path LIBRARIES =
      Path.of(System.getProperty("carryover-test.directory"), "libraries");

  private static final Pattern VIEW_STATE =
      Pattern.compile("name=\"jakarta\\.faces\\.ViewState\"[^>]*?value=\"([^\"]*)\"");
  private static final Pattern SHOWN = Pattern.compile("<p id=\"shown\">(.*?)</p>");

  @RegisterExtension static final BothWars wars = BothWars.of(FacesIT::war);

  private static WarBuilder war() {
    return WarBuilder.war()
        .classesOfPackage("facesapp")
        .lib(LIBRARIES.resolve("jakarta.faces.jar"))
        .lib(LIBRARIES.resolve("weld-servlet-shaded.jar"))
        .file("WEB-INF/beans.xml", "")
        .file(
            "WEB-INF/faces-config.xml",
            "<faces-config xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"4.0\"/>")
        .webXml(
            WebXml.with(
                param("jakarta.faces.STATE_SAVING_METHOD", "server"),
                param("jakarta.faces.PROJECT_STAGE", "Production"),
                // Mojarra says so itself, too late for Weld if the container starts it second; the
                // ids of beans would differ between nodes.
                param("org.jboss.weld.environment.servlet.archive.isolation", "false"),
                "<servlet><servlet-name>faces</servlet-name>"
                    + "<servlet-class>jakarta.faces.webapp.FacesServlet</servlet-class>"
                    + "<load-on-startup>1</load-on-startup></servlet>"
                    + "<servlet-mapping><servlet-name>faces</servlet-name>"
                    + "<url-pattern>*.xhtml</url-pattern></servlet-mapping>"))
        .file(
            "basket.xhtml",
            """
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" xmlns:h="jakarta.faces.html"
                xmlns:f="jakarta.faces.core" xmlns:ui="jakarta.faces.facelets">
            <h:head><title>Basket</title></h:head>
            <h:body>
              <p id="shown">#{page.posts} #{basket.items} #{page.item}</p>
              <h:form id="form">
                <h:inputText id="item" value="#{page.item}" required="true">
                  <f:validateLength maximum="10"/>
                </h:inputText>
                <h:commandButton id="add" value="Add" action="#{page.add}"/>
                <h:messages/>
              </h:form>
            </h:body>
            </html>
            """);
  }

  private static String param(String name, String value) {
    return "<context-param><param-name>%s</param-name><param-value>%s</param-value></context-param>"
        .formatted(name, value);
  }

  @ParameterizedTest
  @EnumSource(names = {"TOMCAT_10", "JETTY_EE10"})
  void postBacksToTwoNodesShowWhatOneNodeWouldShow(WebContainer.Kind kind) {
    List<String> expected;
    try (WebContainer plain = kind.start(wars.without(), Map.of())) {
      expected = visit(plain, plain);
    }
    assertThat(expected).contains("3 [apple, pear, fig] fig", "1 [apple, pear, fig, kiwi] kiwi");
    Map<String, String> parameters = Map.of("carryover.redis.url", wars.redis().url());
    try (WebContainer first = kind.start(wars.with(), parameters);
        WebContainer second = kind.start(wars.with(), parameters)) {
      assertThat(visit(first, second)).isEqualTo(expected);
    }
  }

  private static List<String> visit(WebContainer first, WebContainer second) {
    List<String> shown = new ArrayList<>();
    Browser browser = Browser.browser();
    Browser.Response view = browser.get(first.uri("/basket.xhtml"));
    shown.add(shown(view));
    Browser.Response last = view;
    WebContainer[] nodes = {second, first};
    int turn = 0;
    for (String item : List.of("apple", "pear", "much-too-long-an-item", "fig")) {
      last = post(browser, nodes[turn++ % 2], last, item);
      shown.add(shown(last));
    }
    // Another view of the same session, then the first one again, as with the Back button.
    Browser.Response another = browser.get(second.uri("/basket.xhtml"));
    shown.add(shown(another));
    shown.add(shown(post(browser, first, another, "kiwi")));
    shown.add(shown(post(browser, second, last, "plum")));
    return shown;
  }

  private static Browser.Response post(
      Browser browser, WebContainer node, Browser.Response page, String item) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("form", "form");
    form.put("form:item", item);
    form.put("form:add", "Add");
    form.put("jakarta.faces.ViewState", find(VIEW_STATE, page));
    return browser.post(node.uri("/basket.xhtml"), form);
  }

  private static String shown(Browser.Response page) {
    boolean message = page.body().contains("<li");
    return find(SHOWN, page) + (message ? " with a message" : "");
  }

  private static String find(Pattern pattern, Browser.Response page) {
    Matcher matcher = pattern.matcher(page.body());
    if (page.status() != 200 || !matcher.find()) {
      throw new AssertionError(page.status() + ":\n" + page.body());
    }
    return matcher.group(1);
  }
}
