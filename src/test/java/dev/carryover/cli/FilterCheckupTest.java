package dev.carryover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the doctor says of a web.xml with filters. */
class FilterCheckupTest {

  private static final String OURS = filter("ours", "dev.carryover.SessionFilter");
  private static final String OTHER = filter("other", "shop.Other");

  @Test
  void registersItselfFirstWhereItIsNotDeclared() {
    assertThat(FilterCheckup.look(Optional.empty()))
        .hasToString(ok("registers itself, before all others"));
    assertThat(look(OTHER, mapping("other", "<url-pattern>/*</url-pattern>")))
        .isEqualTo(ok("registers itself, before all others"));
  }

  @Test
  void declaredFirstIsFine() {
    assertThat(
            look(
                OURS + OTHER,
                mapping("ours", "<url-pattern>/*</url-pattern>")
                    + mapping("other", "<url-pattern>/*</url-pattern>")))
        .isEqualTo(ok("the first in web.xml"));
  }

  @Test
  void thoseMappedBeforeAreNamed() {
    assertThat(
            look(
                OURS + OTHER,
                mapping("other", "<url-pattern>*.html</url-pattern>")
                    + mapping("ours", "<url-pattern>/*</url-pattern>")))
        .startsWith("WARN  filter       comes after [other] in web.xml");
  }

  /** Containers call these after all that are mapped to URLs. */
  @Test
  void thoseMappedToServletsComeAfterIt() {
    assertThat(
            look(
                OURS + OTHER,
                mapping("other", "<servlet-name>shop</servlet-name>")
                    + mapping("ours", "<url-pattern>/*</url-pattern>")))
        .isEqualTo(ok("the first in web.xml"));
    assertThat(
            look(
                OURS + OTHER,
                mapping("ours", "<servlet-name>shop</servlet-name>")
                    + mapping("other", "<url-pattern>/*</url-pattern>")))
        .contains("comes after [other]");
  }

  @Test
  void isNotThereWithoutAMapping() {
    assertThat(look(OURS)).startsWith("FAIL  filter       ours is declared in web.xml, and has no");
  }

  @Test
  void isNotThereWhereTheJarIsLeftOut() {
    String ordering = "<absolute-ordering><name>faces</name></absolute-ordering>";
    assertThat(look(ordering)).startsWith("FAIL  filter       web.xml's <absolute-ordering>");
    assertThat(look(ordering, OURS, mapping("ours", "<url-pattern>/*</url-pattern>")))
        .isEqualTo(ok("the first in web.xml"));
  }

  @Test
  void cannotHaveANameThatIsTaken() {
    assertThat(look(filter("carryover", "shop.Other")))
        .startsWith("FAIL  filter       another filter in web.xml has the name carryover");
  }

  private static String look(String... elements) {
    String text =
        "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\">"
            + String.join("", elements)
            + "</web-app>";
    return FilterCheckup.look(Optional.of(WebXml.parse(text.getBytes(StandardCharsets.UTF_8))))
        .toString();
  }

  private static String ok(String text) {
    return Finding.ok("filter", text).toString();
  }

  private static String filter(String name, String type) {
    return "<filter><filter-name>"
        + name
        + "</filter-name><filter-class>"
        + type
        + "</filter-class></filter>";
  }

  private static String mapping(String name, String to) {
    return "<filter-mapping><filter-name>" + name + "</filter-name>" + to + "</filter-mapping>";
  }
}
