package contract;

import static contract.Seen.attempt;
import static contract.Seen.see;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The response: its streams, buffer, commit, redirects, errors, headers, encodings. */
@WebServlet("/response")
public final class ResponseChecks extends Checks {

  private static final String LONG = "0123456789".repeat(20_000);

  @Override
  public void init() {
    streams();
    commits();
    ends();
    headers();
    encodings();
    wrappers();
    servlet61();
  }

  private void streams() {
    check(
        "writerThenStream",
        (request, response) -> {
          response.getWriter().print("text");
          attempt("stream", () -> response.getOutputStream() != null);
        });
    check(
        "streamThenWriter",
        (request, response) -> {
          response.getOutputStream().print("text");
          attempt("writer", () -> response.getWriter() != null);
        });
    check(
        "sameStreams",
        (request, response) -> see("same", response.getWriter() == response.getWriter()));
    check(
        "sameOutputStreams",
        (request, response) ->
            see("same", response.getOutputStream() == response.getOutputStream()));
    check(
        "resetFreesTheWriter",
        (request, response) -> {
          response.getWriter().print("gone");
          response.reset();
          attempt("stream", () -> print(response.getOutputStream(), "from the stream"));
        });
    check(
        "resetFreesTheStream",
        (request, response) -> {
          response.getOutputStream().print("gone");
          response.reset();
          attempt("writer", () -> print(response.getWriter(), "from the writer"));
        });
    check(
        "streamAfterReset",
        (request, response) -> {
          ServletOutputStream stream = response.getOutputStream();
          stream.print("gone");
          response.reset();
          stream.print("from the old stream");
          response.flushBuffer();
        });
    check(
        "writerAfterReset",
        (request, response) -> {
          PrintWriter writer = response.getWriter();
          writer.print("gone");
          response.reset();
          writer.print("from the old writer");
          see("error", writer.checkError());
        });
    check(
        "resetBufferKeepsTheWriter",
        (request, response) -> {
          PrintWriter writer = response.getWriter();
          response.setHeader("X-Kept", "yes");
          response.setStatus(202);
          writer.print("gone");
          response.resetBuffer();
          see("status", response.getStatus());
          attempt("stream", () -> response.getOutputStream() != null);
          writer.print("kept");
        });
    check(
        "resetClearsHeadersAndStatus",
        (request, response) -> {
          response.setHeader("X-Gone", "yes");
          response.setStatus(202);
          response.setContentType("text/html");
          response.reset();
          see("status", response.getStatus());
          see("header", response.getHeader("X-Gone"));
          see("type", response.getContentType());
          response.getWriter().print("after");
        });
    check(
        "printsOfTheStream",
        (request, response) -> {
          ServletOutputStream out = response.getOutputStream();
          out.print(true);
          out.print('c');
          out.print(1);
          out.print(2L);
          out.print(1.5f);
          out.print(2.5d);
          out.println();
          out.println(false);
          out.println('d');
          out.println(3);
          out.println(4L);
          out.println(3.5f);
          out.println(4.5d);
          out.println("text");
          attempt("null", () -> print(out, null));
          attempt("not Latin-1", () -> print(out, "\u20ac"));
          out.write('x');
          out.write(new byte[] {'y', 'z'});
          out.write("abc".getBytes(StandardCharsets.US_ASCII), 1, 1);
        });
    check(
        "printsOfTheWriter",
        (request, response) -> {
          PrintWriter out = response.getWriter();
          out.print(true);
          out.print('c');
          out.print(1);
          out.print(2L);
          out.print(1.5f);
          out.print(2.5d);
          out.print(new char[] {'x', 'y'});
          out.print((String) null);
          out.print((Object) null);
          out.println();
          out.println("line");
          out.printf("%s-%d%n", "a", 7);
          out.printf(Locale.GERMANY, "%.1f%n", 1.5);
          out.format("%5d|", 3);
          out.append('a').append("bcd", 1, 2).append(null);
          out.write("hello", 1, 2);
          out.write(new char[] {'1', '2', '3'}, 1, 1);
          out.write(65);
          see("error", out.checkError());
          see("committed", response.isCommitted());
        });
    check(
        "printAfterTheWriterIsClosed",
        (request, response) -> {
          PrintWriter out = response.getWriter();
          out.print("before");
          out.close();
          see("committed", response.isCommitted());
          out.print("after");
          see("error", out.checkError());
          attempt("again", () -> print(response.getWriter(), "more"));
        });
    check(
        "writeAfterTheStreamIsClosed",
        (request, response) -> {
          ServletOutputStream out = response.getOutputStream();
          out.print("before");
          out.close();
          see("committed", response.isCommitted());
          attempt("after", () -> print(out, "after"));
          attempt(
              "closing again",
              () -> {
                out.close();
                return "closed";
              });
        });
    check(
        "readyWithoutListener",
        (request, response) -> {
          ServletOutputStream out = response.getOutputStream();
          attempt("ready", out::isReady);
          attempt(
              "listener without async",
              () -> {
                out.setWriteListener(new NoWriting());
                return "set";
              });
          attempt(
              "no listener",
              () -> {
                out.setWriteListener(null);
                return "set";
              });
        });
  }

  private void commits() {
    check(
        "flushOfTheBuffer",
        (request, response) -> {
          see("committed", response.isCommitted());
          response.flushBuffer();
          see("committed", response.isCommitted());
          afterCommit(response);
        });
    check(
        "flushOfTheWriter",
        (request, response) -> {
          response.getWriter().print("text");
          response.getWriter().flush();
          afterCommit(response);
        });
    check(
        "flushOfTheStream",
        (request, response) -> {
          response.getOutputStream().print("text");
          response.getOutputStream().flush();
          afterCommit(response);
        });
    check(
        "lengthReachedByTheStream",
        (request, response) -> {
          response.setContentLength(5);
          response.getOutputStream().print("1234");
          see("committed", response.isCommitted());
          response.getOutputStream().print("5");
          see("committed", response.isCommitted());
          attempt("more", () -> print(response.getOutputStream(), "6789"));
          see("committed", response.isCommitted());
        });
    check(
        "lengthReachedByTheWriter",
        (request, response) -> {
          response.setContentLengthLong(5);
          response.getWriter().print("12345");
          see("committed", response.isCommitted());
          response.getWriter().print("6789");
          see("error", response.getWriter().checkError());
        });
    check(
        "lengthSetByHeader",
        (request, response) -> {
          response.setHeader("Content-Length", "3");
          response.getWriter().print("123");
          see("committed", response.isCommitted());
          see("length", response.getHeader("Content-Length"));
        });
    check(
        "lengthSetByIntHeader",
        (request, response) -> {
          response.setIntHeader("Content-Length", 3);
          response.getWriter().print("123");
          see("committed", response.isCommitted());
        });
    check(
        "lengthZero",
        (request, response) -> {
          response.setContentLength(0);
          see("committed", response.isCommitted());
        });
    check(
        "lengthLessThanWritten",
        (request, response) -> {
          response.getOutputStream().print("12345");
          attempt(
              "length",
              () -> {
                response.setContentLength(2);
                return "set";
              });
          see("committed", response.isCommitted());
        });
    check(
        "lengthOfWhatIsWritten",
        (request, response) -> {
          response.getOutputStream().print("12345");
          attempt(
              "length",
              () -> {
                response.setContentLength(5);
                return "set";
              });
          see("committed", response.isCommitted());
          attempt("redirect", () -> redirect(response, "/nowhere"));
        });
    check(
        "bufferSize",
        (request, response) -> {
          response.setBufferSize(20_000);
          see("enough", response.getBufferSize() >= 20_000);
          response.getWriter().print("text");
          attempt(
              "later",
              () -> {
                response.setBufferSize(40_000);
                return "set";
              });
        });
    check(
        "fullBuffer",
        (request, response) -> {
          response.setBufferSize(16_384);
          ServletOutputStream out = response.getOutputStream();
          byte[] piece = new byte[1_000];
          java.util.Arrays.fill(piece, (byte) 'a');
          int pieces = 0;
          while (!response.isCommitted() && pieces < 100) {
            out.write(piece);
            pieces++;
          }
          see("committed after about 16 pieces", pieces > 8 && pieces < 35);
        });
    check(
        "largePage",
        (request, response) -> {
          response.getWriter().print(LONG);
          see("committed", response.isCommitted());
        });
    check(
        "largeBody",
        (request, response) -> {
          response.getOutputStream().write(LONG.getBytes(StandardCharsets.US_ASCII));
          see("committed", response.isCommitted());
        });
    check("nothing", (request, response) -> see("committed", response.isCommitted()));
    check("noContent", (request, response) -> response.setStatus(204));
    check("notModified", (request, response) -> response.setStatus(304));
    check(
        "sessionAfterFlush",
        (request, response) -> {
          response.flushBuffer();
          attempt("session", () -> request.getSession() != null);
        });
  }

  /** What does not go any more. */
  private static void afterCommit(HttpServletResponse response) {
    see("committed", response.isCommitted());
    attempt(
        "reset",
        () -> {
          response.reset();
          return "done";
        });
    attempt(
        "reset of the buffer",
        () -> {
          response.resetBuffer();
          return "done";
        });
    attempt(
        "error",
        () -> {
          response.sendError(418);
          return "sent";
        });
    attempt(
        "error with a message",
        () -> {
          response.sendError(418, "message");
          return "sent";
        });
    attempt("redirect", () -> redirect(response, "/elsewhere"));
    attempt(
        "buffer size",
        () -> {
          response.setBufferSize(100_000);
          return "set";
        });
    attempt(
        "header",
        () -> {
          response.setHeader("X-Late", "yes");
          return response.getHeader("X-Late");
        });
    attempt(
        "status",
        () -> {
          response.setStatus(299);
          return response.getStatus();
        });
    attempt(
        "cookie",
        () -> {
          response.addCookie(new Cookie("late", "yes"));
          return "added";
        });
    attempt(
        "trailers",
        () -> {
          response.setTrailerFields(() -> Map.of("X-Trailer", "yes"));
          return "set";
        });
    attempt(
        "length",
        () -> {
          response.setContentLength(3);
          return "set";
        });
  }

  private void ends() {
    for (String location :
        List.of(
            "absolute/path",
            "/from/root",
            "?query=only",
            "",
            ".",
            "../up",
            "#fragment",
            "//other.example/path",
            "http://other.example/path?a=b#c",
            "name with space",
            "umlaut-\u00e4")) {
      check(
          "redirect:" + location,
          (request, response) -> {
            response.getWriter().print("not to be seen");
            attempt("redirect", () -> redirect(response, location));
            see("committed", response.isCommitted());
            see("status", response.getStatus());
            attempt("again", () -> redirect(response, location));
            response.getWriter().print("nor this");
          });
    }
    check(
        "redirectToNothing",
        (request, response) -> attempt("null", () -> redirect(response, null)));
    check(
        "redirectWithSession",
        (request, response) -> {
          request.getSession().setAttribute("a", "redirected");
          response.sendRedirect(response.encodeRedirectURL("next"));
        });
    check(
        "error",
        (request, response) -> {
          response.setHeader("X-Kept", "yes");
          response.addCookie(new Cookie("kept", "yes"));
          response.getWriter().print("not to be seen");
          response.sendError(410);
          see("committed", response.isCommitted());
          see("status", response.getStatus());
          response.getWriter().print("nor this");
          attempt(
              "again",
              () -> {
                response.sendError(411);
                return response.getStatus();
              });
          attempt("redirect", () -> redirect(response, "/elsewhere"));
        });
    check(
        "errorWithMessage",
        (request, response) -> {
          response.getWriter().print("not to be seen");
          response.sendError(410, "It has gone");
          see("committed", response.isCommitted());
        });
    check(
        "errorWithPage",
        (request, response) -> {
          request.getSession().setAttribute("a", "before the error");
          response.getWriter().print("not to be seen");
          response.sendError(418, "A teapot");
        });
    check(
        "errorFromTheStream",
        (request, response) -> {
          response.getOutputStream().print("not to be seen");
          response.sendError(418);
        });
    check(
        "errorThenReset",
        (request, response) -> {
          response.sendError(418);
          attempt(
              "reset",
              () -> {
                response.reset();
                return response.getStatus();
              });
        });
    check(
        "statusIsNoError",
        (request, response) -> {
          response.setStatus(418);
          response.getWriter().print("body");
        });
    check(
        "errorOfStatus200",
        (request, response) ->
            attempt(
                "error",
                () -> {
                  response.sendError(200);
                  return "sent";
                }));
  }

  private void headers() {
    check(
        "headers",
        (request, response) -> {
          response.setHeader("X-A", "1");
          response.addHeader("X-A", "2");
          response.addHeader("X-B", "3");
          response.setIntHeader("X-Int", 4);
          response.addIntHeader("X-Int", 5);
          response.setDateHeader("X-Date", 0);
          response.addDateHeader("X-Date", 1_000);
          see("A", response.getHeader("X-A"));
          see("all A", response.getHeaders("X-A"));
          see("no such", response.getHeader("X-None"));
          see("no such ones", response.getHeaders("X-None"));
          see("contains", response.containsHeader("x-a"));
          see("contains none", response.containsHeader("X-None"));
          see("has name", response.getHeaderNames().contains("X-Int"));
        });
    check(
        "headersAreReplaced",
        (request, response) -> {
          response.addHeader("X-A", "1");
          response.addHeader("X-A", "2");
          response.setHeader("X-A", "3");
          response.setIntHeader("X-Int", 1);
          response.setIntHeader("X-Int", 2);
        });
    check(
        "headersOfNothing",
        (request, response) -> {
          response.setHeader("X-A", "1");
          attempt(
              "null value",
              () -> {
                response.setHeader("X-A", null);
                return response.getHeader("X-A");
              });
          attempt(
              "null value added",
              () -> {
                response.addHeader("X-B", null);
                return response.getHeader("X-B");
              });
          attempt(
              "null name",
              () -> {
                response.setHeader(null, "x");
                return "set";
              });
          attempt(
              "empty name",
              () -> {
                response.setHeader("", "x");
                return "set";
              });
        });
    check(
        "cookies",
        (request, response) -> {
          Cookie cookie = new Cookie("one", "1");
          cookie.setPath("/some");
          cookie.setHttpOnly(true);
          cookie.setSecure(true);
          cookie.setAttribute("SameSite", "Strict");
          response.addCookie(cookie);
          response.addCookie(new Cookie("two", "2"));
          response.addCookie(new Cookie("two", "3"));
          see("fields", response.getHeaders("Set-Cookie").size());
        });
    check(
        "cookiesBesideTheSession",
        (request, response) -> {
          response.addCookie(new Cookie("before", "1"));
          request.getSession();
          response.addCookie(new Cookie("after", "2"));
          request.changeSessionId();
        });
    check(
        "trailers",
        (request, response) -> {
          attempt("none yet", response::getTrailerFields);
          attempt(
              "trailers",
              () -> {
                response.setHeader("Trailer", "X-Trailer");
                response.setTrailerFields(() -> Map.of("X-Trailer", "yes"));
                return response.getTrailerFields().get();
              });
          response.getWriter().print("body");
          response.flushBuffer();
        });
    check(
        "typeAndLengthByHeader",
        (request, response) -> {
          response.setHeader("Content-Type", "text/css;charset=utf-8");
          see("type", response.getContentType());
          see("encoding", response.getCharacterEncoding());
          response.addHeader("Content-Language", "de");
          response.getWriter().print("\u00e4");
        });
  }

  private void encodings() {
    check(
        "defaultEncoding",
        (request, response) -> {
          see("type", response.getContentType());
          see("encoding", response.getCharacterEncoding());
          see("locale", response.getLocale());
          response.getWriter().print("\u00e4\u20ac");
          see("type", response.getContentType());
          see("encoding", response.getCharacterEncoding());
        });
    check(
        "encodingOfTheType",
        (request, response) -> {
          response.setContentType("text/html;charset=ISO-8859-7");
          response.setContentType("text/xml");
          see("type", response.getContentType());
          response.getWriter().print("\u03b1");
          response.setContentType("text/plain;charset=UTF-8");
          see("type", response.getContentType());
          response.setCharacterEncoding("UTF-8");
          see("encoding", response.getCharacterEncoding());
        });
    check(
        "encodingSet",
        (request, response) -> {
          response.setCharacterEncoding("UTF-16BE");
          see("type", response.getContentType());
          response.setContentType("text/html");
          see("type", response.getContentType());
          response.getWriter().print("\u20ac");
        });
    check(
        "encodingUnset",
        (request, response) -> {
          response.setCharacterEncoding("UTF-8");
          attempt(
              "null",
              () -> {
                response.setCharacterEncoding((String) null);
                return response.getCharacterEncoding();
              });
          response.setContentType("text/plain;charset=UTF-8");
          response.reset();
          see("after reset", response.getCharacterEncoding());
        });
    check(
        "encodingUnknown",
        (request, response) -> {
          attempt(
              "set",
              () -> {
                response.setCharacterEncoding("no-such-encoding");
                return response.getCharacterEncoding();
              });
          attempt("writer", () -> print(response.getWriter(), "text"));
        });
    check(
        "encodingOfTheLocale",
        (request, response) -> {
          response.setLocale(Locale.JAPANESE);
          see("encoding", response.getCharacterEncoding());
          see("type", response.getContentType());
          response.setContentType("text/html");
          see("type", response.getContentType());
          response.getWriter().print("\u3042");
          response.setLocale(Locale.GERMAN);
          see("locale", response.getLocale());
          see("encoding", response.getCharacterEncoding());
        });
    check(
        "formatsOfTheLocale",
        (request, response) -> {
          response.setLocale(Locale.GERMANY);
          response.getWriter().printf("%.2f", 1.25);
        });
    check(
        "typeAfterCommit",
        (request, response) -> {
          response.setContentType("text/html");
          response.flushBuffer();
          response.setContentType("text/plain");
          response.setCharacterEncoding("UTF-8");
          response.setLocale(Locale.GERMAN);
          see("type", response.getContentType());
          see("locale", response.getLocale());
        });
  }

  private void wrappers() {
    check(
        "wrappers",
        (request, response) -> {
          HttpServletResponseWrapper wrapper = new HttpServletResponseWrapper(response);
          see("same", wrapper.getResponse() == response);
          see("wraps", wrapper.isWrapperFor(response));
          see("wraps its class", wrapper.isWrapperFor(response.getClass()));
          see("wraps itself", new ServletResponseWrapper(wrapper).isWrapperFor(response));
          attempt("of nothing", () -> new HttpServletResponseWrapper(null));
          attempt(
              "set to nothing",
              () -> {
                wrapper.setResponse(null);
                return "set";
              });
          wrapper.setResponse(response);
          see("equal", response.equals(wrapper.getResponse()));
          see("itself", response.equals(response));
          see("the wrapper", response.equals(wrapper));
          wrapper.getWriter().print("through the wrapper");
        });
    check(
        "urlsWithoutSession",
        (request, response) -> {
          see("url", response.encodeURL("/x"));
          see("redirect", response.encodeRedirectURL("/x"));
          attempt("null", () -> response.encodeURL(null));
        });
  }

  private void servlet61() {
    check(
        "bytesOfABuffer",
        (request, response) ->
            attempt(
                "write",
                () -> {
                  ServletOutputStream.class
                      .getMethod("write", ByteBuffer.class)
                      .invoke(
                          response.getOutputStream(),
                          ByteBuffer.wrap("from a buffer".getBytes(StandardCharsets.US_ASCII)));
                  return "written";
                }));
    check(
        "largeBuffer",
        (request, response) ->
            attempt(
                "write",
                () -> {
                  ByteBuffer bytes = ByteBuffer.allocateDirect(100_000);
                  while (bytes.hasRemaining()) {
                    bytes.put((byte) 'b');
                  }
                  bytes.flip();
                  ServletOutputStream.class
                      .getMethod("write", ByteBuffer.class)
                      .invoke(response.getOutputStream(), bytes);
                  return bytes.remaining() + " " + response.isCommitted();
                }));
    check(
        "encodingAsACharset",
        (request, response) -> {
          attempt(
              "charset",
              () -> {
                HttpServletResponse.class
                    .getMethod("setCharacterEncoding", Charset.class)
                    .invoke(response, StandardCharsets.UTF_8);
                return response.getCharacterEncoding();
              });
          response.getWriter().print("\u20ac");
        });
    check(
        "redirectWithStatus",
        (request, response) -> {
          List<String> body = new ArrayList<>(List.of("kept"));
          response.getWriter().print(body.get(0));
          attempt(
              "redirect",
              () -> {
                HttpServletResponse.class
                    .getMethod("sendRedirect", String.class, int.class, boolean.class)
                    .invoke(response, "next", 307, false);
                return response.isCommitted();
              });
        });
    check(
        "redirectWithoutClearing",
        (request, response) -> {
          response.getWriter().print("kept");
          attempt(
              "redirect",
              () -> {
                HttpServletResponse.class
                    .getMethod("sendRedirect", String.class, boolean.class)
                    .invoke(response, "next", false);
                return response.isCommitted();
              });
        });
    check(
        "redirectPermanently",
        (request, response) ->
            attempt(
                "redirect",
                () -> {
                  HttpServletResponse.class
                      .getMethod("sendRedirect", String.class, int.class)
                      .invoke(response, "next", 301);
                  return response.isCommitted();
                }));
  }

  private static Object print(PrintWriter writer, String text) {
    writer.print(text);
    return "printed";
  }

  private static Object print(ServletOutputStream stream, String text) throws IOException {
    stream.print(text);
    return "printed";
  }

  private static Object redirect(HttpServletResponse response, String location) throws IOException {
    response.sendRedirect(location);
    return "sent";
  }
}
