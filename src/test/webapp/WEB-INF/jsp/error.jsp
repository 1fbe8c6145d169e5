<%@ page contentType="text/html;charset=UTF-8" isErrorPage="true" %><%
request.setAttribute("title", "Error " + request.getAttribute("jakarta.servlet.error.status_code"));
%><jsp:include page="/banner"/>
<p>Sorry, ${empty sessionScope.user ? "visitor" : sessionScope.user.fullName}: this did not work.
${sessionScope.lastFailure}</p>
<p><a href="<%= response.encodeURL(request.getContextPath() + "/") %>">Back to the shop</a></p>
</main></body></html>
