<%@ page contentType="text/html;charset=UTF-8" import="legacyshop.Product" %><%
request.setAttribute("title", "What we have");
%><jsp:include page="/banner"/>
<table>
<tr><th>Article</th><th>Price</th><th></th></tr>
<% for (Product product : Product.all()) { %>
<tr>
  <td><%= product.getTitle() %></td>
  <td><%= product.getPrice() %></td>
  <td><form method="post" action="<%= response.encodeURL(request.getContextPath() + "/cart") %>">
    <button name="add" value="<%= product.getCode() %>">Add to cart</button></form></td>
</tr>
<% } %>
</table>
<% if (session.getAttribute("user") == null) { %>
<p><a href="<%= response.encodeURL(request.getContextPath() + "/login") %>">Log in</a> to buy.</p>
<% } else { %>
<p>Nice to see you, ${sessionScope.user.fullName}.</p>
<% } %>
</main></body></html>
