package dev.carryover.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 7.1.3 of the specification: which URLs get the id, and where in them. */
class UrlRewritingTest {

  private static final String ID = "ID.node1";

  @ParameterizedTest
  @CsvSource({
    "next,                          next;sid=ID.node1",
    "next?a=b,                      next;sid=ID.node1?a=b",
    "next#part,                     next;sid=ID.node1#part",
    "next?a=b#part,                 next;sid=ID.node1?a=b#part",
    "next?u=http://other/,          next;sid=ID.node1?u=http://other/",
    "../shop/next,                  ../shop/next;sid=ID.node1",
    "sub/../next,                   sub/../next;sid=ID.node1",
    "/shop/sub/../next,             /shop/sub/../next;sid=ID.node1",
    "./,                            ./;sid=ID.node1",
    "?a=b,                          /shop/cart;sid=ID.node1?a=b",
    "/shop,                         /shop;sid=ID.node1",
    "/shop/,                        /shop/;sid=ID.node1",
    "/shop?a=b,                     /shop;sid=ID.node1?a=b",
    "/shop/next;v=1,                /shop/next;v=1;sid=ID.node1",
    "http://host:8080/shop/next,    http://host:8080/shop/next;sid=ID.node1",
    "HTTP://HOST:8080/shop/next#p,  HTTP://HOST:8080/shop/next;sid=ID.node1#p",
    "//host:8080/shop/next,         //host:8080/shop/next;sid=ID.node1",
    "http://host:8080/shop?a=b,     http://host:8080/shop;sid=ID.node1?a=b"
  })
  void leadsIntoTheApplication(String url, String rewritten) {
    assertThat(rewrite(url)).isEqualTo(rewritten);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#part",
        "/",
        "/other/next",
        "/shopping",
        "../next",
        "sub/../../next",
        "/shop/../next",
        "/shop/..",
        "/shop2/",
        "http://other:8080/shop/next",
        "http://host/shop/next",
        "http://host:8081/shop/next",
        "https://host:8080/shop/next",
        "http://host:8080",
        "http://host:8080/",
        "http://host:8080?a=b",
        "http://host:80801/shop/",
        "http://host:8080@other/shop/",
        "//other/shop/next",
        "mailto:someone@host",
        "javascript:go()",
        "tel:1"
      })
  void leadsOutOfTheApplication(String url) {
    assertThat(rewrite(url)).isEqualTo(url);
  }

  @ParameterizedTest
  @CsvSource({
    "next;sid=ID.node1,         next;sid=ID.node1",
    "next;sid=OLD,              next;sid=ID.node1",
    "next;sid=OLD?a=b,          next;sid=ID.node1?a=b",
    "next;v=1;sid=OLD;w=2#p,    next;v=1;w=2;sid=ID.node1#p",
    "next;sid=OLD/more,         next/more;sid=ID.node1",
    "next?x=;sid=OLD,           next;sid=ID.node1?x=;sid=OLD"
  })
  void idThatIsThereAlreadyIsReplaced(String url, String rewritten) {
    assertThat(rewrite(url)).isEqualTo(rewritten);
  }

  @Test
  void emptyUrlIsThePageItself() {
    assertThat(rewrite("")).isEqualTo("/shop/cart;sid=" + ID);
  }

  @ParameterizedTest
  @CsvSource({
    "/,                      /;sid=ID.node1",
    "/any?a=b,               /any;sid=ID.node1?a=b",
    "https://host,           https://host/;sid=ID.node1",
    "https://host?a=b,       https://host/;sid=ID.node1?a=b",
    "https://host:443/any,   https://host:443/any;sid=ID.node1",
    "//host,                 //host/;sid=ID.node1",
    "http://host/any,        http://host/any"
  })
  void rootApplicationAtTheDefaultPort(String url, String rewritten) {
    HttpServletRequest request = request("https", 443, "", "/");
    assertThat(UrlRewriting.rewrite(request, url, "sid", ID)).isEqualTo(rewritten);
  }

  private static String rewrite(String url) {
    return UrlRewriting.rewrite(
        request("http", 8080, "/shop", "/shop/cart;sid=OLD"), url, "sid", ID);
  }

  private static HttpServletRequest request(String scheme, int port, String context, String uri) {
    Map<String, Object> answers =
        Map.of(
            "getScheme", scheme,
            "getServerName", "Host",
            "getServerPort", port,
            "getContextPath", context,
            "getRequestURI", uri);
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            UrlRewritingTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> answers.get(method.getName()));
  }
}
