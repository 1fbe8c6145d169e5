package dev.carryover.demo;

import dev.carryover.testing.JettyNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;

/**
 * The main class of a node's process. It prints one line that says where it listens, and then obeys
 * its standard input: the line {@code stop} ends it, and so does the end of the input, which means
 * that the process that started it is gone; Redis is then ended as well, since nobody else would.
 */
final class DemoNode {

  static final String LISTENING = "Listening on port ";
  static final String STOP = "stop";

  private DemoNode() {}

  /**
   * Runs a node.
   *
   * @param args its name, its port (0: a free one), the WAR file, the process id of Redis
   */
  public static void main(String[] args) throws IOException {
    JettyNode node =
        JettyNode.node()
            .war(Path.of(args[2]))
            .port(Integer.parseInt(args[1]))
            .contextParam("shop.node", args[0])
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(node::close, "demo-node-end"));
    trustTheFront(node.context().getServer());
    System.out.println(LISTENING + node.port());
    if (!isToldToStop()) {
      ProcessHandle.of(Long.parseLong(args[3])).ifPresent(ProcessHandle::destroy);
    }
    System.exit(0);
  }

  /** Makes redirects and the like name the front's address, as behind any load balancer. */
  private static void trustTheFront(Server server) {
    for (Connector connector : server.getConnectors()) {
      connector
          .getConnectionFactory(HttpConnectionFactory.class)
          .getHttpConfiguration()
          .addCustomizer(new ForwardedRequestCustomizer());
    }
  }

  private static boolean isToldToStop() throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = input.readLine();
    while (line != null && !line.equals(STOP)) {
      line = input.readLine();
    }
    return line != null;
  }
}
