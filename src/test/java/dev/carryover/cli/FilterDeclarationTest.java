package dev.carryover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter in web.xml files of all ages. */
class FilterDeclarationTest {

  private static final String JAKARTA =
      "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\">\n";
  private static final String OTHER =
      "  <filter><filter-name>a</filter-name><filter-class>a.B</filter-class></filter>\n";
  private static final String OTHER_MAPPING =
      "  <filter-mapping><filter-name>a</filter-name><url-pattern>/*</url-pattern></filter-mapping>\n";

  @Test
  void standsBeforeAllFiltersAndMappings() {
    String changed =
        changed(
            JAKARTA
                + "  <context-param><param-name>p</param-name><param-value>v</param-value></context-param>\n"
                + OTHER
                + OTHER_MAPPING
                + "</web-app>");
    assertThat(changed)
        .isEqualTo(
            JAKARTA
                + "  <context-param><param-name>p</param-name><param-value>v</param-value></context-param>\n"
                + """
                  <filter>
                    <filter-name>carryover</filter-name>
                    <filter-class>dev.carryover.SessionFilter</filter-class>
                    <async-supported>true</async-supported>
                  </filter>
                """
                    .indent(0)
                + OTHER
                + """
                  <filter-mapping>
                    <filter-name>carryover</filter-name>
                    <url-pattern>/*</url-pattern>
                    <dispatcher>REQUEST</dispatcher>
                    <dispatcher>FORWARD</dispatcher>
                    <dispatcher>INCLUDE</dispatcher>
                    <dispatcher>ERROR</dispatcher>
                    <dispatcher>ASYNC</dispatcher>
                  </filter-mapping>
                """
                    .indent(0)
                + OTHER_MAPPING
                + "</web-app>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<!-- <filter> --><filter-mapping><filter-name>a</filter-name></filter-mapping>"
            + "<filter><filter-name>a</filter-name><filter-class>a.B</filter-class></filter>",
        "<listener><listener-class>a.L</listener-class></listener>",
        "<description><![CDATA[ ]> </web-app><filter>]]></description><servlet/>",
        "<?pi <filter> ?><servlet><init-param a='>'/></servlet>",
        "<filter>\n<filter-name>a</filter-name><filter-class>a.B</filter-class></filter>\n"
      })
  void whateverElseIsThereStays(String content) {
    String before = JAKARTA + content + "</web-app><!-- end <web-app> -->\n";
    String after = changed(before);
    assertThat(withoutDeclaration(after)).isEqualTo(before);
    assertThat(WebXml.parse(bytes(after)).filterClasses().get(0)).isEqualTo(WebXml.FILTER_CLASS);
  }

  @Test
  void rootWithoutContentIsOpened() {
    String after =
        changed("<web-app version='3.1' xmlns='http://xmlns.jcp.org/xml/ns/javaee' />\n");
    assertThat(after).startsWith("<web-app version='3.1'").endsWith("</web-app>\n");
    assertThat(WebXml.parse(bytes(after)).declaresOurFilter()).isTrue();
  }

  @Test
  void prefixOfTheRootIsUsed() {
    String after =
        changed(
            "<j:web-app xmlns:j='https://jakarta.ee/xml/ns/jakartaee' version='5.0'></j:web-app>");
    assertThat(after).contains("<j:filter-class>dev.carryover.SessionFilter</j:filter-class>");
    assertThat(WebXml.parse(bytes(after)).declaresOurFilter()).isTrue();
  }

  @Test
  void lineEndsAreThoseOfTheFile() {
    String after = changed((JAKARTA + "  <distributable/>\n</web-app>\n").replace("\n", "\r\n"));
    assertThat(after.replace("\r\n", "")).doesNotContain("\n", "\r");
  }

  /** Its elements have an order, and it knows neither dispatchers nor async-supported. */
  @Test
  void documentTypeOf2001IsRespected() {
    String after =
        changed(
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
                + "<!DOCTYPE web-app PUBLIC \"-//Sun Microsystems, Inc.//DTD Web Application"
                + " 2.3//EN\" \"http://nowhere.invalid/web-app_2_3.dtd\" [ <!ENTITY e '<x>'> ]>\n"
                + "<web-app>\n  <display-name>&e;</display-name>\n  <servlet/>\n</web-app>\n",
            StandardCharsets.ISO_8859_1);
    assertThat(after)
        .contains("</display-name>\n  <filter>")
        .contains("</filter-mapping>\n  <servlet/>")
        .doesNotContain("dispatcher", "async-supported");
  }

  @Test
  void descriptorOf2003KnowsDispatchersButAsync() {
    assertThat(changed("<web-app xmlns='http://java.sun.com/xml/ns/j2ee' version='2.4'></web-app>"))
        .contains("<dispatcher>ERROR</dispatcher>")
        .doesNotContain("ASYNC", "async-supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "windows-1252", "UTF-16LE", "UTF-16BE"})
  void encodingStays(String encoding) {
    Charset charset = Charset.forName(encoding);
    String mark = encoding.startsWith("UTF-16") ? "\uFEFF" : "";
    String declared = encoding.startsWith("UTF-16") ? "UTF-16" : encoding;
    String before =
        mark
            + "<?xml version=\"1.0\" encoding=\""
            + declared
            + "\"?>\n"
            + JAKARTA
            + "<display-name>Bücher</display-name></web-app>";
    assertThat(withoutDeclaration(changed(before, charset))).isEqualTo(before);
  }

  @Test
  void secretsOfTheHostAreNotRead() {
    String before =
        "<!DOCTYPE web-app [ <!ENTITY e SYSTEM 'file:///etc/passwd'> ]>"
            + "<web-app><context-param><param-name>p</param-name><param-value>&e;</param-value>"
            + "</context-param></web-app>";
    assertThat(WebXml.parse(bytes(before)).contextParams().get("p")).isEmpty();
  }

  @Test
  void filterOfTheSameNameIsRefused() {
    assertThatThrownBy(() -> changed(JAKARTA + OTHER.replace(">a<", ">carryover<") + "</web-app>"))
        .isInstanceOf(UserError.class);
  }

  @Test
  void brokenFileIsRefused() {
    assertThatThrownBy(() -> changed("<web-app><filter></web-app>"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("WEB-INF/web.xml can't be read");
  }

  private static String withoutDeclaration(String text) {
    return text.replaceAll(
        "(?s) *<(filter|filter-mapping)>\\r?\\n *<filter-name>carryover</.*?</\\1>\\r?\\n", "");
  }

  private static String changed(String webXml) {
    return changed(webXml, StandardCharsets.UTF_8);
  }

  private static String changed(String webXml, Charset charset) {
    return new String(FilterDeclaration.addTo(webXml.getBytes(charset)), charset);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
