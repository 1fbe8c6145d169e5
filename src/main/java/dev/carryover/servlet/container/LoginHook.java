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
      Step authentication)
      throws IOException, ServletException;

  /** What the container does with the request next. */
  interface Step {
    void run() throws IOException, ServletException;
  }
}
