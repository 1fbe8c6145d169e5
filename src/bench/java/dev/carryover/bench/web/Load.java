package dev.carryover.bench.web;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that send their next request when the answer to the last has come. One thread serves all
 * connections, so that it costs the machine as little as it can. Not thread-safe.
 */
final class Load implements AutoCloseable {

  private static final long PATIENCE_MILLIS = 20_000;

  private final Workload workload;
  private final Selector selector;
  private final List<Client> clients = new ArrayList<>();
  private final ByteBuffer out = ByteBuffer.allocateDirect(4_096);
  private final ByteBuffer in = ByteBuffer.allocateDirect(16_384);
  private final Request request = new Request();
  private int underWay;
  private long deadline;
  private long answers;
  private Workload asked;
  private Stage stage;

  private enum Stage {
    MAKE,
    ASK,
    DRAIN
  }

  /** What was answered in which time. */
  record Rate(long requests, long nanos) {
    double perSecond() {
      return requests * 1e9 / nanos;
    }
  }

  /** A connection to each node it talks to, and the sessions it visits in turn. */
  private final class Client {
    final SocketChannel[] channels;
    final List<Visit> visits = new ArrayList<>();
    final Answer answer = new Answer();
    Visit visit;
    int next;
    int node;

    Client(SocketChannel... channels) {
      this.channels = channels;
    }
  }

  /**
   * Connects.
   *
   * @param ports of the nodes
   * @param sticky whether a client stays with one node; else it goes to each in turn
   */
  Load(Workload workload, int connections, List<Integer> ports, boolean sticky) throws IOException {
    this.workload = workload;
    this.selector = Selector.open();
    for (int i = 0; i < connections; i++) {
      List<Integer> own = sticky ? List.of(ports.get(i % ports.size())) : ports;
      SocketChannel[] channels = new SocketChannel[own.size()];
      Client client = new Client(channels);
      for (int node = 0; node < channels.length; node++) {
        channels[node] = connect(own.get(node));
        channels[node].register(selector, SelectionKey.OP_READ, client);
      }
      for (int v = 0; v < workload.visits(); v++) {
        client.visits.add(new Visit(i * workload.visits() + v));
      }
      clients.add(client);
    }
  }

  private static SocketChannel connect(int port) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    return channel;
  }

  /** Makes the sessions, one request each. */
  void makeSessions() throws IOException {
    stage = Stage.MAKE;
    for (Client client : clients) {
      client.next = 0;
      send(client);
    }
    drain();
  }

  /** Asks for so long, and returns when the last answer has come. */
  Rate ask(Duration time) throws IOException {
    long start = System.nanoTime();
    begin(workload, start + time.toNanos());
    while (System.nanoTime() < deadline) {
      select();
    }
    stage = Stage.DRAIN;
    drain();
    return new Rate(answers, System.nanoTime() - start);
  }

  /** Lets the first client ask alone, so often, one request after the other. */
  void askAlone(int times) throws IOException {
    begin(workload, 0);
    stage = Stage.DRAIN;
    for (int i = 0; i < times; i++) {
      send(clients.get(0));
      drain();
    }
  }

  /** Asks each session once more. */
  void prove() throws IOException {
    begin(workload.proof(), 0);
    stage = Stage.DRAIN;
    for (int v = 0; v < workload.visits(); v++) {
      for (Client client : clients) {
        // A new session's client knows of its last one only.
        if (client.visits.get(client.next % client.visits.size()).cookie != null) {
          send(client);
        }
      }
      drain();
    }
  }

  private void begin(Workload next, long until) throws IOException {
    asked = next;
    deadline = until;
    answers = 0;
    if (until > 0) {
      stage = Stage.ASK;
      for (Client client : clients) {
        send(client);
      }
    }
  }

  private void drain() throws IOException {
    while (underWay > 0) {
      select();
    }
  }

  private void select() throws IOException {
    if (selector.select(this::receive, PATIENCE_MILLIS) == 0) {
      throw new IOException("No answer within " + PATIENCE_MILLIS + " ms");
    }
  }

  private void send(Client client) {
    client.visit = client.visits.get(client.next++ % client.visits.size());
    if (stage == Stage.MAKE) {
      workload.askFirst(client.visit, request);
    } else {
      asked.ask(client.visit, request);
    }
    client.answer.clear();
    out.clear();
    request.copyTo(out);
    out.flip();
    SocketChannel channel = client.channels[client.node];
    client.node = (client.node + 1) % client.channels.length;
    try {
      while (out.hasRemaining()) {
        channel.write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    underWay++;
  }

  private void receive(SelectionKey key) {
    Client client = (Client) key.attachment();
    in.clear();
    try {
      if (((SocketChannel) key.channel()).read(in) < 0) {
        throw new EOFException("The connection was closed; so far: " + client.answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!client.answer.take(in.flip())) {
      return;
    }
    underWay--;
    answers++;
    if (stage == Stage.MAKE) {
      workload.checkFirst(client.visit, client.answer);
    } else {
      asked.check(client.visit, client.answer);
    }
    if (stage == Stage.ASK || stage == Stage.MAKE && client.next < client.visits.size()) {
      send(client);
    }
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      for (SocketChannel channel : client.channels) {
        channel.close();
      }
    }
    selector.close();
  }
}
