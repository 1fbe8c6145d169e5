package contract;

import static contract.Seen.attempt;
import static contract.Seen.see;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reading and writing without blocking. */
@WebServlet(urlPatterns = "/stream", asyncSupported = true)
public final class StreamChecks extends Checks {

  private static final int LARGE = 3_000_000;

  @Override
  public void init() {
    check(
        "read",
        (request, response) -> {
          AsyncContext context = start(request);
          request.getInputStream().setReadListener(new Reader(request, response, context));
        });
    check(
        "readThroughAWrapper",
        (request, response) -> {
          HttpServletRequest wrapped = new HttpServletRequestWrapper(request);
          HttpServletResponse wrappedResponse = new HttpServletResponseWrapper(response);
          AsyncContext context = wrapped.startAsync(wrapped, wrappedResponse);
          end(context);
          wrapped.getInputStream().setReadListener(new Reader(wrapped, wrappedResponse, context));
        });
    check(
        "readTwice",
        (request, response) -> {
          AsyncContext context = start(request);
          ServletInputStream in = request.getInputStream();
          in.setReadListener(new Reader(request, response, context));
          attempt(
              "again",
              () -> {
                in.setReadListener(new Reader(request, response, context));
                return "set";
              });
        });
    check(
        "readWithoutAsync",
        (request, response) -> {
          attempt(
              "listener",
              () -> {
                request.getInputStream().setReadListener(new Reader(request, response, null));
                return "set";
              });
          attempt(
              "nothing",
              () -> {
                request.getInputStream().setReadListener(null);
                return "set";
              });
        });
    check(
        "write",
        (request, response) -> {
          AsyncContext context = start(request);
          response.setContentType("text/plain");
          ServletOutputStream out = response.getOutputStream();
          out.setWriteListener(new Writer(request, out, context, 1));
        });
    check(
        "writeMuch",
        (request, response) -> {
          AsyncContext context = start(request);
          ServletOutputStream out = response.getOutputStream();
          out.setWriteListener(new Writer(request, out, context, LARGE));
        });
    check(
        "writeExactLength",
        (request, response) -> {
          AsyncContext context = start(request);
          response.setContentLength(50_000);
          ServletOutputStream out = response.getOutputStream();
          out.setWriteListener(new Writer(request, out, context, 50_000));
        });
    check(
        "writeTwice",
        (request, response) -> {
          AsyncContext context = start(request);
          ServletOutputStream out = response.getOutputStream();
          out.setWriteListener(new Writer(request, out, context, 1));
          attempt(
              "again",
              () -> {
                out.setWriteListener(new NoWriting());
                return "set";
              });
        });
    check(
        "writeNothing",
        (request, response) -> {
          AsyncContext context = start(request);
          attempt(
              "nothing",
              () -> {
                response.getOutputStream().setWriteListener(null);
                return "set";
              });
          context.complete();
        });
    check(
        "writeABuffer",
        (request, response) -> {
          AsyncContext context = start(request);
          ServletOutputStream out = response.getOutputStream();
          out.setWriteListener(new BufferWriter(out, context));
        });
    check("look", (request, response) -> see("a", request.getSession().getAttribute("a")));
  }

  private static AsyncContext start(HttpServletRequest request) {
    request.getSession().setAttribute("a", "at the start");
    AsyncContext context = request.startAsync();
    end(context);
    return context;
  }

  private static void end(AsyncContext context) {
    Seen.pending();
    context.addListener(
        new AsyncListener() {
          @Override
          public void onComplete(AsyncEvent event) {
            Seen.done();
          }

          @Override
          public void onTimeout(AsyncEvent event) {}

          @Override
          public void onError(AsyncEvent event) {}

          @Override
          public void onStartAsync(AsyncEvent event) {}
        });
  }

  /** Reads all there is, and answers with its length. */
  private record Reader(
      HttpServletRequest request,
      HttpServletResponse response,
      AsyncContext context,
      ByteArrayOutputStream body)
      implements ReadListener {

    Reader(HttpServletRequest request, HttpServletResponse response, AsyncContext context) {
      this(request, response, context, new ByteArrayOutputStream());
    }

    @Override
    public void onDataAvailable() throws IOException {
      ServletInputStream in = request.getInputStream();
      byte[] piece = new byte[1_000];
      while (in.isReady() && !in.isFinished()) {
        int length = in.read(piece);
        if (length > 0) {
          body.write(piece, 0, length);
        }
      }
    }

    @Override
    public void onAllDataRead() throws IOException {
      request.getSession().setAttribute("a", "read " + body.size());
      response.getWriter().print("read " + body.size());
      see("finished", request.getInputStream().isFinished());
      context.complete();
    }

    @Override
    public void onError(Throwable failure) {
      see("reading failed", failure.getClass().getSimpleName());
      context.complete();
    }
  }

  /** Writes while it is ready. */
  private static final class Writer implements WriteListener {

    private final HttpServletRequest request;
    private final ServletOutputStream out;
    private final AsyncContext context;
    private int left;
    private boolean told;

    Writer(HttpServletRequest request, ServletOutputStream out, AsyncContext context, int bytes) {
      this.request = request;
      this.out = out;
      this.context = context;
      this.left = bytes;
    }

    @Override
    public void onWritePossible() throws IOException {
      byte[] piece = new byte[10_000];
      Arrays.fill(piece, (byte) 'w');
      if (!told) {
        told = true;
        request.getSession().setAttribute("a", "written");
      }
      while (left > 0 && out.isReady()) {
        int length = Math.min(left, piece.length);
        left -= length;
        out.write(piece, 0, length);
      }
      if (left == 0 && out.isReady()) {
        left = -1;
        context.complete();
      }
    }

    @Override
    public void onError(Throwable failure) {
      see("writing failed", failure.getClass().getSimpleName());
      context.complete();
    }
  }

  /** Writes as Servlet 6.1 can. */
  private record BufferWriter(ServletOutputStream out, AsyncContext context)
      implements WriteListener {

    @Override
    public void onWritePossible() {
      attempt(
          "write",
          () -> {
            out.isReady();
            ServletOutputStream.class
                .getMethod("write", ByteBuffer.class)
                .invoke(out, ByteBuffer.wrap("buffer".getBytes(StandardCharsets.US_ASCII)));
            return "written";
          });
      context.complete();
    }

    @Override
    public void onError(Throwable failure) {
      see("writing failed", failure.getClass().getSimpleName());
      context.complete();
    }
  }
}
