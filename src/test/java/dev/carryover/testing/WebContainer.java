package dev.carryover.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A real container with one web application, on a port of the loopback interface. Started by {@link
 * Kind#start} or, with more to say, by {@link Kind#node}. Its API is the same for all containers,
 * so that a parameterised test ({@code @EnumSource(WebContainer.Kind.class)}) can run on each.
 */
public interface WebContainer extends AutoCloseable {

  /** Returns the container's name and version, for messages. */
  String name();

  /** Returns the port that it listens at. */
  int port();

  /** Returns the address of a path of the web application, which starts with a slash. */
  URI uri(String path);

  /** Returns what it has logged so far; empty if it runs in this process, whose log it shares. */
  String log();

  /**
   * Ends it as {@code kill -9} does.
   *
   * @throws UnsupportedOperationException if it runs in this process
   */
  void kill();

  /** Undeploys the web application and stops; does nothing if it is stopped. */
  @Override
  void close();

  /** The containers that there are. */
  enum Kind {
    /** In this process. */
    JETTY_EE10("Jetty 12.1 ee10") {
      @Override
      WebContainer start(Builder builder) {
        return new JettyInProcess(name, builder);
      }
    },
    /** In a process of its own. It has no JSP. */
    JETTY_EE11("Jetty 12.1 ee11") {
      @Override
      WebContainer start(Builder builder) {
        return JettyEe11Process.start(name, builder);
      }
    },
    /** In a process of its own. */
    TOMCAT_10("Tomcat 10.1") {
      @Override
      WebContainer start(Builder builder) {
        return TomcatProcess.start(name, "carryover-test.tomcat10", builder);
      }
    },
    /** In a process of its own. */
    TOMCAT_11("Tomcat 11.0") {
      @Override
      WebContainer start(Builder builder) {
        return TomcatProcess.start(name, "carryover-test.tomcat11", builder);
      }
    },
    /** In this process. It has no JSP, and reads little of web.xml: see {@link UndertowNode}. */
    UNDERTOW("Undertow 2.3") {
      @Override
      WebContainer start(Builder builder) {
        return UndertowNode.start(name, builder);
      }
    };

    final String name;

    Kind(String name) {
      this.name = name;
    }

    /** Starts the container with the web application at the root, and returns when it answers. */
    public WebContainer start(Path war, Map<String, String> contextParams) {
      Builder node = node(war);
      contextParams.forEach(node::contextParam);
      return node.start();
    }

    /** Returns the beginning of a container with the web application; {@link Builder#start}. */
    public Builder node(Path war) {
      return new Builder(this, war);
    }

    abstract WebContainer start(Builder builder);

    @Override
    public String toString() {
      return name;
    }
  }

  /** A container that is not started yet. */
  final class Builder {

    final Path war;
    final Map<String, String> contextParams = new LinkedHashMap<>();
    final List<String> jvmOptions = new ArrayList<>();
    final List<User> users = new ArrayList<>();
    final Map<String, Path> otherWars = new LinkedHashMap<>();
    String contextPath = "";
    String route;
    int port;
    private final Kind kind;

    private Builder(Kind kind, Path war) {
      this.kind = kind;
      this.war = war;
    }

    /** Sets the context path, such as {@code /shop}; the root unless set. */
    public Builder contextPath(String contextPath) {
      this.contextPath = contextPath.equals("/") ? "" : contextPath;
      return this;
    }

    /**
     * Adds another web application, of Tomcat and Jetty ee10 only. Each may then dispatch requests
     * to the others.
     */
    public Builder alsoWar(Path other, String otherContextPath) {
      otherWars.put(otherContextPath, other);
      return this;
    }

    /** Sets a context parameter, as web.xml would. */
    public Builder contextParam(String name, String value) {
      contextParams.put(name, value);
      return this;
    }

    /** Sets an option of the Java virtual machine; nothing for containers in this process. */
    public Builder jvmOption(String option) {
      jvmOptions.add(option);
      return this;
    }

    /** Sets the name that the container has as a node of a cluster: its jvmRoute. */
    public Builder route(String route) {
      this.route = route;
      return this;
    }

    /** Sets the port; a free one unless set. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Adds a user that the container can authenticate. */
    public Builder user(String name, String password, String... roles) {
      users.add(new User(name, password, List.of(roles)));
      return this;
    }

    /**
     * Starts the container, and returns when it answers.
     *
     * @throws IllegalStateException if the web application does not start; with the log's end
     */
    public WebContainer start() {
      return kind.start(this);
    }
  }

  /** Someone the container can authenticate. */
  record User(String name, String password, List<String> roles) {}
}
