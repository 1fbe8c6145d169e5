package dev.carryover.servlet.container;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Stands around a container's authenticator, before any filter. */
public interface LoginHook {

  /**
   * Called once for each request.
   *
   * @param request as filters get it
   * @param response the container's own, which takes headers until it is sent
   * @param asksForUser whether the authenticator has to know who the user is; it does not for what
   *     is open to all
   * @param authentication the authenticator with all that comes behind it; to be run once
   */
  void authenticate(
      HttpServletRequest request,
      HttpServletResponse response,
      boolean asksForUser,
      Authentication authentication)
      throws IOException, ServletException;

  /**
   * The authenticator has decided and is about to send the client elsewhere, at once.
   *
   * @param url where to
   * @return with the session's id in it, if that is how the client has to be told
   */
  String redirects(HttpServletRequest request, String url);

  /** What the container does with a request next. */
  interface Authentication {
    void run() throws IOException, ServletException;

    /** Answers with an error, where it has answered nothing yet. */
    void refuse(int status) throws IOException;
  }
}
