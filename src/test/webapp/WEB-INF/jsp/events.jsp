<%@ page contentType="text/html;charset=UTF-8" session="false" import="java.util.List" %><%
request.setAttribute("title", "What the listeners were told");
%><jsp:include page="/banner"/>
<ol>
<% for (Object line : (List<?>) request.getAttribute("lines")) { %>
<li><%= line %></li>
<% } %>
</ol>
</main></body></html>
