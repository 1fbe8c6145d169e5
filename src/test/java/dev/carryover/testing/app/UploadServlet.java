package dev.carryover.testing.app;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Keeps in the session what is uploaded, and tells what the container says of the request. */
@WebServlet("/secured/upload")
@MultipartConfig
public class UploadServlet extends HttpServlet {

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    StringBuilder answer = new StringBuilder();
    for (Part part : request.getParts()) {
      String content = new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      request.getSession().setAttribute(part.getName(), content);
      answer.append(part.getName()).append('=').append(part.getSubmittedFileName()).append(' ');
    }
    answer.append(request.getParameter("title")).append(' ');
    answer.append(request.getPart("file").getSize()).append(' ');
    answer.append(request.getRemoteUser()).append(' ').append(request.getAuthType()).append(' ');
    answer.append(request.isUserInRole("customer")).append(' ');
    answer.append(request.isUserInRole("other")).append(' ');
    answer.append(request.getUserPrincipal().getName());
    response.getWriter().print(answer);
  }
}
