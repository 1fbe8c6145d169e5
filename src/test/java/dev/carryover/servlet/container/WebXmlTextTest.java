package dev.carryover.servlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebXmlTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<web-app><login-config><auth-method>FORM</auth-method></login-config></web-app>",
        "<web-app xmlns='https://jakarta.ee/xml/ns/jakartaee'><login-config><auth-method>\n form "
            + "</auth-method></login-config></web-app>",
        "<j:web-app xmlns:j='http://java.sun.com/xml/ns/javaee'><j:login-config>"
            + "<j:auth-method>FORM</j:auth-method></j:login-config></j:web-app>",
        "<!DOCTYPE web-app PUBLIC '-//Sun//DTD Web Application 2.3//EN' 'http://localhost:1/x.dtd'>"
            + "<web-app><login-config><auth-method>FORM</auth-method></login-config></web-app>"
      })
  void findsTheForm(String webXml) {
    assertThat(WebXmlText.isForm(context(webXml))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<web-app/>",
        "<web-app><!-- <login-config><auth-method>FORM</auth-method></login-config> --></web-app>",
        "<web-app><login-config><auth-method>BASIC</auth-method></login-config></web-app>",
        "<web-app><auth-method>FORM</auth-method></web-app>",
        "not XML",
        ""
      })
  void findsNoForm(String webXml) {
    assertThat(WebXmlText.isForm(context(webXml))).isFalse();
  }

  @Test
  void findsAllOfAKindInTheirOrder() {
    String mapping = "<filter-mapping><filter-name>%s</filter-name><url-pattern>/</url-pattern>";
    String webXml =
        "<web-app><filter><filter-name>a</filter-name></filter>"
            + (mapping + "</filter-mapping>").formatted("b")
            + (mapping + "</filter-mapping>").formatted(" a ")
            + "</web-app>";
    assertThat(ContainerAdapter.filtersOfWebXml(context(webXml))).containsExactly("b", "a");
  }

  @Test
  void thereMayBeNoWebXml() {
    assertThat(WebXmlText.isForm(context(null))).isFalse();
  }

  private static ServletContext context(String webXml) {
    InputStream in =
        webXml == null ? null : new ByteArrayInputStream(webXml.getBytes(StandardCharsets.UTF_8));
    return (ServletContext)
        Proxy.newProxyInstance(
            WebXmlTextTest.class.getClassLoader(),
            new Class<?>[] {ServletContext.class},
            (proxy, method, arguments) -> in);
  }
}
