<%@ page contentType="text/html;charset=UTF-8" import="legacyshop.Cart,legacyshop.CartItem,legacyshop.Product" %><%
request.setAttribute("title", "Your cart");
Cart cart = (Cart) session.getAttribute("cart");
String here = response.encodeURL(request.getContextPath() + "/cart");
%><jsp:include page="/banner"/>
<table>
<tr><th>Article</th><th>Pieces</th><th>Price</th><th>Added on node</th><th></th></tr>
<% for (CartItem item : cart.getItems()) { %>
<tr>
  <td><%= item.getTitle() %></td>
  <td><%= item.getQuantity() %></td>
  <td><%= item.getSum() %></td>
  <td><%= item.getNodes() %></td>
  <td><form method="post" action="<%= here %>">
    <button name="remove" value="<%= item.getCode() %>">Remove</button></form></td>
</tr>
<% } %>
<tr><th>Together</th><th>${sessionScope.cart.size}</th><th>${sessionScope.cart.total}</th><th></th><th></th></tr>
</table>
<p>
<% for (Product product : Product.all()) { %>
<form method="post" action="<%= here %>">
  <button name="add" value="<%= product.getCode() %>">Add: <%= product.getTitle() %></button></form>
<% } %>
</p>
<p>
<% if (session.getAttribute("user") == null) { %>
<a href="<%= response.encodeURL(request.getContextPath() + "/login") %>">Log in</a> to buy.
<% } else { %>
<form method="post" action="<%= response.encodeURL(request.getContextPath() + "/checkout") %>">
  <button>Buy</button></form>
<form method="post" action="<%= response.encodeURL(request.getContextPath() + "/logout") %>">
  <button>Log out</button></form>
<% } %>
<a href="<%= response.encodeURL(request.getContextPath() + "/stock") %>">Ask the warehouse</a>
</p>
</main></body></html>
