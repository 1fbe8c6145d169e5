package dev.carryover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.WarBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of a web.xml with filters. */
class FilterCheckupTest {

  private static final String OURS = filter("ours", "dev.carryover.SessionFilter");
  private static final String OTHER = filter("other", "shop.Other");

  @TempDir Path directory;

  @Test
  void registersItselfFirstWhereItIsNotDeclared() {
    assertThat(look(withJar())).isEqualTo(ok("registers itself, before all others"));
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

  @Test
  void isNotThereWithoutItsJar() {
    String undeclared = look(WarBuilder.war().webXml(xml(OTHER)));
    assertThat(undeclared)
        .startsWith("note  filter       not there: there is no jar of Carryover in WEB-INF/lib")
        .contains("-> install puts it there; unless the server lends it")
        .doesNotContain("registers itself");
    String declared =
        look(WarBuilder.war().webXml(xml(OURS, mapping("ours", "<url-pattern>/*</url-pattern>"))));
    assertThat(declared)
        .startsWith("WARN  filter       declared in web.xml, and there is no jar of Carryover")
        .doesNotContain("ok ");
  }

  /** The lent one's place matters too. */
  @Test
  void thoseMappedBeforeAreNamedWithoutItsJarToo() {
    String both =
        mapping("other", "<url-pattern>*.html</url-pattern>")
            + mapping("ours", "<url-pattern>/*</url-pattern>");
    assertThat(look(WarBuilder.war().webXml(xml(OURS, OTHER, both))))
        .contains("no jar of Carryover", "comes after [other] in web.xml");
  }

  @Test
  void jarForTheOtherServletApiIsOfNoUse() {
    String javax =
        "<web-app xmlns=\"http://xmlns.jcp.org/xml/ns/javaee\" version=\"4.0\"></web-app>";
    assertThat(look(withJar().webXml(javax)))
        .startsWith(
            "FAIL  filter       the jar of Carryover in WEB-INF/lib is for jakarta.servlet, and the"
                + " application is written for javax.servlet")
        .contains("-> take carryover-<version>-javax-all.jar");
  }

  private String look(String... elements) {
    return look(withJar().webXml(xml(elements)));
  }

  private String look(WarBuilder war) {
    try {
      WebApp app = WebApp.open(war.file("WEB-INF/some.txt", "").build(directory.resolve("a.war")));
      return FilterCheckup.look(Inspection.of(app)).stream()
          .map(Finding::toString)
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One with our filter's class for jakarta.servlet, and a library beside it. */
  private WarBuilder withJar() {
    String filter = "dev/carryover/SessionFilter.class";
    Path jar =
        WarBuilder.war()
            .file(filter, Path.of("target", "classes").resolve(filter))
            .file("dev/carryover/shaded/Library.class", "library")
            .build(directory.resolve("carryover-1-all.jar"));
    return WarBuilder.war().lib(jar);
  }

  private static String xml(String... elements) {
    return "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\">"
        + String.join("", elements)
        + "</web-app>";
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
