package dev.carryover.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** A response that is not committed before the session is. */
final class SessionResponse extends HttpServletResponseWrapper {

  /** {@code sendRedirect(String, int, boolean)}, which came with Servlet 6.1; null before. */
  private static final @Nullable MethodHandle REDIRECT_WITH_STATUS =
      Servlet61.method(
          HttpServletResponse.class, "sendRedirect", String.class, int.class, boolean.class);

  private static final int FOUND = 302;

  /** The one that it was made for; Tomcat puts another in between while something is included. */
  private final HttpServletResponse container;

  private final RequestSession session;
  private final CommitPoint commitPoint;
  private @Nullable ServletOutputStream stream;
  private @Nullable PrintWriter writer;
  private boolean errorSent;

  SessionResponse(HttpServletResponse response, RequestSession session) {
    super(response);
    this.container = response;
    this.session = session;
    this.commitPoint = new CommitPoint(response, session);
  }

  /** True if the container was told to make an error page. */
  boolean isErrorSent() {
    return errorSent;
  }

  @Override
  public void sendError(int status) throws IOException {
    session.commit();
    errorSent = true;
    super.sendError(status);
  }

  @Override
  public void sendError(int status, String message) throws IOException {
    session.commit();
    errorSent = true;
    super.sendError(status, message);
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    session.commit();
    super.sendRedirect(location);
  }

  /** As in Servlet 6.1. */
  public void sendRedirect(String location, int status) throws IOException {
    sendRedirect(location, status, true);
  }

  /** As in Servlet 6.1. */
  public void sendRedirect(String location, boolean clearBuffer) throws IOException {
    sendRedirect(location, FOUND, clearBuffer);
  }

  /** As in Servlet 6.1. */
  public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
    MethodHandle redirect = REDIRECT_WITH_STATUS;
    if (redirect == null) {
      throw new UnsupportedOperationException("This container's Servlet API has no such method");
    }
    session.commit();
    try {
      redirect.invoke((HttpServletResponse) getResponse(), location, status, clearBuffer);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  @Override
  public void flushBuffer() throws IOException {
    session.commit();
    super.flushBuffer();
  }

  @Override
  public void reset() {
    super.reset();
    commitPoint.reset();
    stream = null;
    writer = null;
    session.restoreCookie();
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    commitPoint.reset();
  }

  @Override
  public void setContentLength(int length) {
    super.setContentLength(length);
    commitPoint.expect(length);
  }

  @Override
  public void setContentLengthLong(long length) {
    super.setContentLengthLong(length);
    commitPoint.expect(length);
  }

  @Override
  public void setHeader(String name, String value) {
    super.setHeader(name, value);
    commitPoint.expect(name, value);
  }

  @Override
  public void addHeader(String name, String value) {
    super.addHeader(name, value);
    commitPoint.expect(name, value);
  }

  @Override
  public void setIntHeader(String name, int value) {
    super.setIntHeader(name, value);
    commitPoint.expect(name, Integer.toString(value));
  }

  @Override
  public void addIntHeader(String name, int value) {
    super.addIntHeader(name, value);
    commitPoint.expect(name, Integer.toString(value));
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    ServletOutputStream container = super.getOutputStream();
    ServletOutputStream ours = stream;
    if (ours == null) {
      ours = new SessionOutputStream(container, commitPoint);
      stream = ours;
    }
    return ours;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    PrintWriter container = super.getWriter();
    PrintWriter ours = writer;
    if (ours == null) {
      ours = new SessionWriter(container, commitPoint, getCharacterEncoding(), getLocale());
      writer = ours;
    }
    return ours;
  }

  @Override
  @SuppressWarnings("NullAway") // The API is not annotated: a URL that is null stays so.
  public String encodeURL(String url) {
    return session.encode(url);
  }

  @Override
  @SuppressWarnings("NullAway") // The API is not annotated: a URL that is null stays so.
  public String encodeRedirectURL(String url) {
    return session.encodeRedirect(url);
  }

  /** As in Servlet 5.0: {@link #encodeURL}. */
  public String encodeUrl(String url) {
    return encodeURL(url);
  }

  /** As in Servlet 5.0: {@link #encodeRedirectURL}. */
  public String encodeRedirectUrl(String url) {
    return encodeRedirectURL(url);
  }

  /** Equal to the response that it stands for: the container may show that one to listeners. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other == this
        || container.equals(
            other instanceof SessionResponse ? ((SessionResponse) other).container : other);
  }

  @Override
  public int hashCode() {
    return container.hashCode();
  }
}
