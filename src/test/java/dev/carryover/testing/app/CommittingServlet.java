package dev.carryover.testing.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Changes its session, sends its response in the {@code way} that the query names, and stays in the
 * servlet as long as the test holds it. Where it takes many writes to send the response, the
 * attribute is set anew before each of them: {@code v} has to be the last when the client has the
 * head. What follows the last bar of the body is that last value.
 */
@WebServlet(urlPatterns = "/commit", asyncSupported = true)
public class CommittingServlet extends HttpServlet {

  private static final int PIECE = 10;
  private static final int ASYNC_TIMEOUT_MILLIS = 50;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    Run run = new Run(request, response);
    if (request.getDispatcherType() == DispatcherType.REQUEST) {
      run.outer(request.getParameter("way"));
    } else {
      run.dispatched(request.getParameter("way"));
    }
  }

  /** One request's work. */
  private static final class Run {

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final String key;

    private Run(HttpServletRequest request, HttpServletResponse response) {
      this.request = request;
      this.response = response;
      this.key = request.getParameter("key");
    }

    private void set(Object value) {
      request.getSession().setAttribute("v", String.valueOf(value));
    }

    private void hold() {
      HoldServlet.hold(request.getParameter("hold"));
      if (request.getParameter("hold") != null) {
        request.getSession().setAttribute("after", key);
      }
    }

    private void outer(String way) throws IOException, ServletException {
      String[] words = way.split("-");
      switch (words[0]) {
        case "async" -> async(words[1]);
        case "forward", "include" -> nested(words[0]);
        case "length" -> length(words);
        case "overflow" -> overflow(words);
        case "throw" -> throw new ServletException("as the query wanted");
        case "errorpage" -> response.sendError(418);
        default -> {
          set(key);
          plain(way);
        }
      }
      if (!words[0].equals("async") && !words[0].equals("errorpage")) {
        hold();
      }
    }

    private void plain(String way) throws IOException {
      switch (way) {
        case "redirect" -> response.sendRedirect(request.getContextPath() + "/do?do=get:v");
        case "sendError" -> response.sendError(409);
        case "sendErrorMessage" -> response.sendError(409, "as the query wanted");
        case "flushBuffer" -> response.flushBuffer();
        case "writerFlush" -> response.getWriter().flush();
        case "writerCheckError" -> response.getWriter().checkError();
        case "writerClose" -> response.getWriter().close();
        case "streamFlush" -> response.getOutputStream().flush();
        case "streamClose" -> response.getOutputStream().close();
        case "end" -> response.getWriter().write("end");
        default -> throw new IllegalArgumentException(way);
      }
    }

    /** Nothing has been sent yet when an include is over; it is when a forward is. */
    private void nested(String how) throws IOException, ServletException {
      if (how.equals("forward")) {
        request.getRequestDispatcher("/commit").forward(request, response);
      } else {
        request.getRequestDispatcher("/commit").include(request, response);
      }
    }

    private void dispatched(String way) throws IOException {
      set(key);
      response.getWriter().write("dispatched");
      if (request.getDispatcherType() == DispatcherType.ERROR
          || request.getDispatcherType() == DispatcherType.ASYNC) {
        response.flushBuffer();
        hold();
      }
    }

    private void async(String how) {
      AsyncContext context = request.startAsync();
      switch (how) {
        case "complete" ->
            context.start(
                () -> {
                  set(key);
                  write("async");
                  context.complete();
                });
        case "dispatch" -> context.start(() -> context.dispatch());
        case "timeout" -> {
          context.setTimeout(ASYNC_TIMEOUT_MILLIS);
          context.addListener(new Timeout());
        }
        default -> throw new IllegalArgumentException(how);
      }
    }

    private void write(String text) {
      try {
        response.getWriter().write(text);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Writes, byte by byte or character by character, all that was declared. */
    private void length(String[] words) throws IOException {
      Charset charset = new Charset(words[2]);
      response.setContentType("text/plain;charset=" + charset.name);
      int length = charset.bytes(10);
      switch (words[3]) {
        case "int" -> response.setContentLength(length);
        case "long" -> response.setContentLengthLong(length);
        case "header" -> response.setHeader("Content-Length", String.valueOf(length));
        case "intHeader" -> response.setIntHeader("content-length", length);
        case "addHeader" -> response.addHeader("CONTENT-LENGTH", String.valueOf(length));
        default -> throw new IllegalArgumentException(words[3]);
      }
      if (words[1].equals("stream")) {
        for (int i = 0; i < length; i++) {
          set(i == length - 1 ? key : i);
          response.getOutputStream().write('x');
        }
      } else {
        for (int i = 0; i < 10; i++) {
          set(i == 9 ? key : i);
          response.getWriter().write(charset.character);
        }
      }
    }

    private void overflow(String[] words) throws IOException {
      response.setContentType("text/plain;charset=UTF-8");
      int piece =
          switch (words[2]) {
            case "small" -> PIECE;
            case "quarter" -> response.getBufferSize() / 4 + 1;
            default -> response.getBufferSize() + 1;
          };
      int last = 0;
      for (int i = 0; !response.isCommitted(); i++) {
        set(i);
        write(words[1], "x".repeat(piece));
        last = i;
      }
      hold();
      write(words[1], "|" + last);
    }

    private void write(String sink, String text) throws IOException {
      if (sink.equals("writer")) {
        PrintWriter writer = response.getWriter();
        writer.write(text);
      } else if (sink.equals("print")) {
        response.getOutputStream().print(text);
      } else {
        ServletOutputStream stream = response.getOutputStream();
        stream.write(text.getBytes(StandardCharsets.UTF_8));
      }
    }

    private final class Timeout implements AsyncListener {
      @Override
      public void onTimeout(AsyncEvent event) {
        set(key);
        write("timeout");
        event.getAsyncContext().complete();
      }

      @Override
      public void onComplete(AsyncEvent event) {}

      @Override
      public void onError(AsyncEvent event) {}

      @Override
      public void onStartAsync(AsyncEvent event) {}
    }
  }

  /** An encoding, and a character of which all bytes count. */
  private static final class Charset {
    private final String name;
    private final String character;

    private Charset(String word) {
      name = word.toUpperCase(Locale.ROOT).replace('_', '-');
      character =
          switch (name) {
            case "ISO-8859-1" -> "\u00e9";
            // Four bytes there, and only two in UTF-8.
            case "GB18030" -> "\u00c0";
            default -> "\u20ac";
          };
    }

    private int bytes(int characters) {
      return character.repeat(characters).getBytes(java.nio.charset.Charset.forName(name)).length;
    }
  }
}
