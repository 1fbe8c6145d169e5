<%@ page contentType="text/html;charset=UTF-8" import="java.util.Date" %><%
request.setAttribute("title", "Your account");
%><jsp:include page="/banner"/>
<table>
<tr><th>Logged in as</th><td>${empty sessionScope.user ? "nobody" : sessionScope.user.fullName}</td></tr>
<tr><th>Since</th><td>${sessionScope.user.loggedInAt}</td></tr>
<tr><th>In the cart</th><td>${empty sessionScope.cart ? 0 : sessionScope.cart.size} pieces</td></tr>
<tr><th>Last order</th><td>${sessionScope.lastOrder}</td></tr>
<tr><th>Questions to the warehouse</th><td>${sessionScope.stockQuestions}</td></tr>
<tr><th>Session</th><td><code>${pageContext.session.id}</code></td></tr>
<tr><th>It is new</th><td><%= session.isNew() %></td></tr>
<tr><th>It began</th><td><%= new Date(session.getCreationTime()) %></td></tr>
<tr><th>It ends after</th><td>${pageContext.session.maxInactiveInterval} seconds without a click</td></tr>
</table>
<% if (session.getAttribute("user") == null) { %>
<p><a href="<%= response.encodeURL(request.getContextPath() + "/login") %>">Log in</a></p>
<% } else { %>
<form method="post" action="<%= response.encodeURL(request.getContextPath() + "/logout") %>">
  <p><button>Log out</button></p></form>
<% } %>
</main></body></html>
