package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.BothWars;
import dev.carryover.testing.Browser;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.VisitorBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Pages that use the session as JSP and the expression language offer it, on two nodes in turn:
 * they show what they show on one node without Carryover.
 */
class JspIT {

  private static final Path LIBRARIES =
      Path.of(System.getProperty("carryover-test.directory"), "libraries");

  /** A visit: no page of it creates what it shows. */
  private static final List<String> PAGES =
      List.of(
          "/without.jsp",
          "/bean.jsp?name=ann&visits=1",
          "/el.jsp",
          "/bean.jsp?visits=2",
          "/el.jsp",
          "/tags.jsp?value=apple",
          "/el.jsp",
          "/tags.jsp",
          "/include.jsp?name=bob",
          "/el.jsp",
          "/forward.jsp?name=eve",
          "/el.jsp",
          "/failing.jsp?name=dan",
          "/el.jsp",
          "/long.jsp?name=sue",
          "/el.jsp",
          "/without.jsp",
          "/el.jsp",
          "/end.jsp",
          "/bean.jsp");

  @RegisterExtension static final BothWars wars = BothWars.of(JspIT::war);

  private static WarBuilder war() {
    String bean =
        """
        <jsp:useBean id="visitor" scope="session"
            class="dev.carryover.testing.app.VisitorBean"/>\
        <jsp:setProperty name="visitor" property="*"/>\
        """;
    return WarBuilder.war()
        .classes(VisitorBean.class)
        .lib(LIBRARIES.resolve("jakarta.servlet.jsp.jstl.jar"))
        .lib(LIBRARIES.resolve("jakarta.servlet.jsp.jstl-api.jar"))
        .webXml(WebXml.with())
        .file(
            "without.jsp",
            """
            <%@ page session="false" %>
            ${pageContext.session == null} ${fruit}
            """)
        .file(
            "el.jsp",
            """
            ${cookie.JSESSIONID.value.startsWith(pageContext.session.id)} ${pageContext.session["new"]}
            ${sessionScope.visitor.name} ${visitor.visits} ${sessionScope['fruit']} ${fruit}
            ${pageContext.session.maxInactiveInterval} <%= session.getAttribute("fruit") %>
            """)
        .file("bean.jsp", bean + "<jsp:getProperty name=\"visitor\" property=\"name\"/>")
        .file(
            "tags.jsp",
            """
            <%@ taglib prefix="c" uri="jakarta.tags.core" %>
            <c:if test="${not empty param.value}">
              <c:set var="fruit" value="${param.value}" scope="session"/>
              <c:set target="${visitor}" property="visits" value="7"/>
            </c:if>
            <c:if test="${empty param.value}"><c:remove var="fruit" scope="session"/></c:if>
            <c:out value="${sessionScope.fruit}" default="none"/> <c:url value="/el.jsp"/>
            """)
        .file(
            "include.jsp",
            """
            before ${visitor.name}
            <jsp:include page="bean.jsp" flush="true"/>
            after ${visitor.name}
            """)
        .file("forward.jsp", "lost<jsp:forward page=\"bean.jsp\"/>")
        .file(
            "failing.jsp",
            "<%@ page errorPage=\"error.jsp\" %>"
                + bean
                + "<% if (true) throw new IllegalStateException(\"as wanted\"); %>")
        .file(
            "error.jsp",
            """
            <%@ page isErrorPage="true" %>
            <jsp:useBean id="visitor" scope="session"
                class="dev.carryover.testing.app.VisitorBean"/>
            <jsp:setProperty name="visitor" property="visits" value="9"/>
            <%= exception.getMessage() %> ${visitor.name}
            """)
        .file("long.jsp", bean + "${visitor.name}" + "<p>a long page</p>\n".repeat(2_000))
        .file("end.jsp", "<% session.invalidate(); %>ended");
  }

  @ParameterizedTest
  @EnumSource(names = {"TOMCAT_10", "TOMCAT_11", "JETTY_EE10"})
  void pagesOnTwoNodesShowWhatOneNodeWouldShow(WebContainer.Kind kind) {
    List<String> expected;
    try (WebContainer plain = kind.start(wars.without(), Map.of())) {
      expected = visit(plain, plain);
    }
    assertThat(expected.get(4)).contains("true false", "ann 2");
    Map<String, String> parameters = Map.of("carryover.redis.url", wars.redis().url());
    try (WebContainer first = kind.start(wars.with(), parameters);
        WebContainer second = kind.start(wars.with(), parameters)) {
      assertThat(visit(first, second)).isEqualTo(expected);
    }
  }

  private static List<String> visit(WebContainer first, WebContainer second) {
    List<String> shown = new ArrayList<>();
    Browser browser = Browser.browser();
    WebContainer[] nodes = {first, second};
    for (int i = 0; i < PAGES.size(); i++) {
      Browser.Response page = browser.get(nodes[i % 2].uri(PAGES.get(i)));
      shown.add(PAGES.get(i) + " " + page.status() + " " + page.body().strip());
    }
    return shown;
  }
}
