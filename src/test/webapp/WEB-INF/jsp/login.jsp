<%@ page contentType="text/html;charset=UTF-8" %><%
request.setAttribute("title", "Log in");
%><jsp:include page="/banner"/>
<p class="message">${message}</p>
<form method="post" action="<%= response.encodeURL(request.getContextPath() + "/login") %>">
<p><label>User <input name="user" value="duke"></label></p>
<p><label>Password <input name="password" type="password" value="java"></label></p>
<p><button>Log in</button></p>
</form>
<p>Your session now is <code>${pageContext.session.id}</code>; it gets a new id when you log in.</p>
</main></body></html>
