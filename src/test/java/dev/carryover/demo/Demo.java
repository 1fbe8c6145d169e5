package dev.carryover.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The demo's main class, for {@code mvn -Pdemo verify}. System properties:
 *
 * <ul>
 *   <li>{@code demo.tour}: true plays it and exits, with status 1 if a step fails; otherwise it
 *       waits for commands on standard input, and ends with it. Without a standard input (closed,
 *       or {@code /dev/null}, as on a build server) it therefore ends as soon as it has started.
 *   <li>{@code demo.port}: of the front, 8080 unless set; a free one if that is taken.
 *   <li>{@code demo.carryover}: false leaves the jar out, to see what it is good for.
 *   <li>{@code demo.directory}: for the WAR, logs and temporary files, {@code target/demo} unless
 *       set; emptied.
 * </ul>
 */
public final class Demo {

  private static final boolean IS_WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private final DemoCluster cluster;

  private Demo(DemoCluster cluster) {
    this.cluster = cluster;
  }

  /** Runs the demo, as the system properties say. */
  public static void main(String[] args) throws IOException {
    boolean isTour = Boolean.getBoolean("demo.tour");
    boolean withCarryover = Boolean.parseBoolean(System.getProperty("demo.carryover", "true"));
    Path directory = Path.of(System.getProperty("demo.directory", "target/demo"));
    System.out.println("Starting Redis and two nodes ...");
    DemoCluster cluster = new DemoCluster(directory.toAbsolutePath(), withCarryover);
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "demo-end"));
    boolean isFine = run(cluster, isTour);
    cluster.close();
    System.out.println("Everything is stopped.");
    System.exit(isFine ? 0 : 1);
  }

  private static boolean run(DemoCluster cluster, boolean isTour) throws IOException {
    try {
      cluster.start(Integer.getInteger("demo.port", 8080));
    } catch (IllegalStateException e) {
      System.out.println("FAILED to start: " + e.getMessage());
      return false;
    }
    Demo demo = new Demo(cluster);
    demo.printWhatRuns();
    if (isTour) {
      return new Tour(cluster).play();
    }
    demo.printWhatToTry();
    demo.obey();
    return true;
  }

  private void printWhatRuns() {
    System.out.printf("%n  Shop    %s%n", cluster.front().uri());
    for (NodeProcess node : new NodeProcess[] {cluster.a(), cluster.b()}) {
      System.out.printf("  Node %s  %s  pid %d%n", node.name(), node.uri(), node.pid());
    }
    System.out.printf("  Redis   %s  pid %d%n", cluster.redis().url(), cluster.redis().pid());
  }

  private void printWhatToTry() {
    System.out.printf(
        """

        Every request goes to the other node; each page says which one answered.

        - Put something into the cart at %1$s, and again: the cart grows on both nodes.
        - Log in as duke, password java, and look at "Account": the session has a new id.
        - Kill node A with  %2$s  or by typing  a  here, and go on shopping.
        - Type  a  again to start it: the cart is there, on a node that never saw you.
        - Look into Redis:  redis-cli -p %3$d --scan
        - %1$s/whoami tells what the node that answers knows of you.

        Type  a  or  b  to kill a node or to start it again,  q  to stop (or Ctrl-C).
        """,
        cluster.front().uri(), killCommand(cluster.a()), cluster.redis().port());
  }

  /** Does what standard input says, until it says q or ends. */
  private void obey() throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      switch (line.strip().toLowerCase(Locale.ROOT)) {
        case "a" -> toggle(cluster.a());
        case "b" -> toggle(cluster.b());
        case "q" -> {
          return;
        }
        default -> System.out.println("a, b or q, please.");
      }
    }
    System.out.println("Standard input has ended.");
  }

  private static void toggle(NodeProcess node) {
    if (node.isRunning()) {
      node.kill();
      System.out.println("Node " + node.name() + " is killed.");
      return;
    }
    try {
      node.start();
      System.out.printf("Node %s runs again: %s%n", node.name(), killCommand(node));
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
  }

  private static String killCommand(NodeProcess node) {
    return (IS_WINDOWS ? "taskkill /F /PID " : "kill -9 ") + node.pid();
  }
}
