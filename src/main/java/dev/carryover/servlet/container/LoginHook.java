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
   * The same where the container asks who the user is before it goes on, and goes on by itself: in
   * place of the authenticator. What was found out is saved before the client is answered.
   *
   * @param asksForUser whether nobody may have what the request wants without having logged in; if
   *     not, a failure leaves the request without a user
   */
  void decide(
      HttpServletRequest request,
      HttpServletResponse response,
      boolean asksForUser,
      Decision decision)
      throws IOException, ServletException;

  /**
   * The authenticator has decided and is about to send the client elsewhere, at once.
   *
   * @param url where to
   * @return with the session's id in it, if that is how the client has to be told
   */
  String redirects(HttpServletRequest request, String url);

  /** Who the user of a request is, and what comes of it. */
  interface Decision {
    /** Finds out; sends nothing. */
    void find() throws IOException, ServletException;

    /** Whether the request goes on, since there is no answer yet. */
    boolean goesOn();

    /** Sends the answer, if there is one. */
    void answer() throws IOException, ServletException;

    /** Answers with an error instead. */
    void refuse(int status) throws IOException;
  }

  /** What the container does with a request next. */
  interface Authentication {
    void run() throws IOException, ServletException;

    /** Answers with an error, where it has answered nothing yet. */
    void refuse(int status) throws IOException;
  }
}
