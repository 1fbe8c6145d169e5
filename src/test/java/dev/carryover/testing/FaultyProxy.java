package dev.carryover.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a server on the loopback interface, with the faults that a network may have. */
public final class FaultyProxy implements AutoCloseable {

  private static final int BUFFER_BYTES = 16 * 1024;

  private final int target;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Fault fault = Fault.NONE;
  private volatile String answer = "";

  /** What is wrong with the way. */
  public enum Fault {
    NONE,
    /** Connections are closed, and new ones too. */
    CUT,
    /** Everything is swallowed, in both directions, and nobody is told. */
    BLACK_HOLE,
    /** What the client sends arrives; what it is answered does not. */
    HALF_OPEN,
    /** Everything comes a little later. */
    LATENCY,
    /** Answers come byte by byte. */
    SLOW_DRIP,
    /** Every command is answered with an error. */
    ERROR
  }

  private FaultyProxy(int target, ServerSocket listening) {
    this.target = target;
    this.listening = listening;
  }

  /** Starts a way to a port of the loopback interface; without faults at first. */
  public static FaultyProxy to(int port) {
    try {
      ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      FaultyProxy proxy = new FaultyProxy(port, listening);
      daemon(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "redis://127.0.0.1:" + listening.getLocalPort();
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Sets in at once, for connections that are open too. */
  public void fault(Fault wrong) {
    fault = wrong;
    if (wrong == Fault.CUT) {
      closeAll();
    }
  }

  /** From now on every command is answered so, such as {@code LOADING ...}. */
  public void answer(String error) {
    answer = "-" + error + "\r\n";
    fault(Fault.ERROR);
  }

  /**
   * The way is as it should be again. Connections that have lost bytes are closed, as a network
   * would sooner or later.
   */
  public void mend() {
    Fault before = fault;
    fault = Fault.NONE;
    if (before == Fault.BLACK_HOLE || before == Fault.HALF_OPEN) {
      closeAll();
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    closeAll();
  }

  private void closeAll() {
    open.forEach(FaultyProxy::close);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "faulty-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (fault == Fault.CUT) {
          client.close();
          continue;
        }
        open.add(client);
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(server);
        daemon(() -> carry(client, server, true));
        daemon(() -> carry(server, client, false));
      } catch (IOException e) {
        // Closed, or the server is away: then the client's connection is too.
        closeAll();
      }
    }
  }

  private void carry(Socket from, Socket to, boolean isRequest) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      OutputStream back = from.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        pass(buffer, count, isRequest, out, back);
      }
    } catch (IOException | InterruptedException e) {
      // The other direction ends with it.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private void pass(
      byte[] buffer, int count, boolean isRequest, OutputStream out, OutputStream back)
      throws IOException, InterruptedException {
    Fault now = fault;
    if (now == Fault.BLACK_HOLE || (now == Fault.HALF_OPEN && !isRequest)) {
      return;
    }
    if (now == Fault.ERROR && isRequest) {
      for (int i = 0; i < commands(buffer, count); i++) {
        back.write(answer.getBytes(StandardCharsets.US_ASCII));
      }
      return;
    }
    if (now == Fault.LATENCY) {
      Thread.sleep(20);
    }
    if (now == Fault.SLOW_DRIP && !isRequest) {
      for (int i = 0; i < count; i++) {
        out.write(buffer[i]);
        out.flush();
        Thread.sleep(fault == Fault.SLOW_DRIP ? 1 : 0);
      }
    } else {
      out.write(buffer, 0, count);
    }
  }

  /** Those that begin in these bytes; test traffic is small, so that none begins in an argument. */
  private static int commands(byte[] buffer, int count) {
    int commands = 0;
    for (int i = 0; i < count; i++) {
      boolean lineStarts = i == 0 || buffer[i - 1] == '\n';
      commands += lineStarts && buffer[i] == '*' ? 1 : 0;
    }
    return commands;
  }
}
