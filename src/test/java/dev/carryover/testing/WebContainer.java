package dev.carryover.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

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

  /**
   * Undeploys the web application and stops, if it runs in this process; otherwise ends its process
   * without asking. Does nothing if it is stopped.
   */
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
    /** In a process of its own; Servlet 3.1. */
    TOMCAT_8("Tomcat 8.5") {
      @Override
      WebContainer start(Builder builder) {
        return TomcatProcess.start(name, "carryover-test.tomcat8", builder.javax());
      }
    },
    /** In a process of its own; Servlet 4.0. */
    TOMCAT_9("Tomcat 9.0") {
      @Override
      WebContainer start(Builder builder) {
        return TomcatProcess.start(name, "carryover-test.tomcat9", builder.javax());
      }
    },
    /** In a process of its own; Servlet 3.1. */
    JETTY_9("Jetty 9.4") {
      @Override
      WebContainer start(Builder builder) {
        return JettyHomeProcess.start(
            name,
            "carryover-test.jetty9",
            "http,deploy,annotations,websocket,jsp,sessions",
            "org.eclipse.jetty.webapp",
            builder.javax());
      }
    },
    /** In a process of its own; Servlet 4.0. */
    JETTY_10("Jetty 10.0") {
      @Override
      WebContainer start(Builder builder) {
        return JettyHomeProcess.start(
            name,
            "carryover-test.jetty10",
            "http,deploy,annotations,websocket-javax,jsp,sessions",
            "org.eclipse.jetty.webapp",
            builder.javax());
      }
    },
    /** In a process of its own; Servlet 4.0. */
    JETTY_EE8("Jetty 12.0 ee8") {
      @Override
      WebContainer start(Builder builder) {
        return JettyHomeProcess.start(
            name,
            "carryover-test.jetty12",
            "http,ee8-deploy,ee8-annotations,ee8-websocket-javax,ee8-jsp,sessions",
            "org.eclipse.jetty.ee8.webapp",
            builder.javax());
      }
    },
    /** In this process. It has no JSP, and reads little of web.xml: see {@link UndertowNode}. */
    UNDERTOW("Undertow 2.3") {
      @Override
      WebContainer start(Builder builder) {
        return UndertowNode.start(name, builder);
      }
    },
    /** In a process of its own; Servlet 4.0, otherwise as {@link #UNDERTOW}. */
    UNDERTOW_JAVAX("Undertow 2.2") {
      @Override
      WebContainer start(Builder builder) {
        return UndertowProcess.javax(name, builder.javax());
      }
    },
    /** In a process of its own, from its distribution, with JSP. */
    JETTY_EE10_HOME("Jetty 12.0 ee10") {
      @Override
      WebContainer start(Builder builder) {
        return JettyHomeProcess.start(
            name,
            "carryover-test.jetty12",
            "http,ee10-deploy,ee10-annotations,ee10-websocket-jakarta,ee10-jsp,sessions",
            "org.eclipse.jetty.ee10.webapp",
            builder);
      }
    },
    /** As {@link #UNDERTOW}, in a process of its own. */
    UNDERTOW_APART("Undertow 2.3") {
      @Override
      WebContainer start(Builder builder) {
        return UndertowProcess.jakarta(name, builder);
      }
    },
    /** In a process of its own; context parameters are system properties. */
    WILDFLY("WildFly 36") {
      @Override
      WebContainer start(Builder builder) {
        return WildFlyProcess.start(name, builder);
      }
    },
    /** In a process of its own; context parameters are system properties. */
    OPEN_LIBERTY("Open Liberty 24") {
      @Override
      WebContainer start(Builder builder) {
        return OpenLibertyProcess.start(name, builder);
      }
    },
    /** In a process of its own; context parameters are system properties. */
    GLASSFISH("GlassFish 7") {
      @Override
      WebContainer start(Builder builder) {
        return GlassFishProcess.start(name, builder);
      }
    };

    private static final Set<Kind> OF_THE_MATRIX_ONLY =
        EnumSet.of(TOMCAT_8, JETTY_9, JETTY_10, UNDERTOW_JAVAX);

    private static final Set<Kind> NEWEST = EnumSet.of(TOMCAT_11, JETTY_EE11);

    /** Each in processes of its own, of which one can be killed. */
    private static final Set<Kind> IN_PAIRS =
        EnumSet.of(
            TOMCAT_9,
            TOMCAT_10,
            TOMCAT_11,
            JETTY_EE8,
            JETTY_EE10_HOME,
            JETTY_EE11,
            UNDERTOW_APART,
            WILDFLY,
            OPEN_LIBERTY,
            GLASSFISH);

    private static final Set<Kind> LARGE = EnumSet.of(WILDFLY, OPEN_LIBERTY, GLASSFISH);

    private static final Set<Kind> IN_PAIRS_ONLY =
        EnumSet.of(JETTY_EE10_HOME, UNDERTOW_APART, WILDFLY, OPEN_LIBERTY, GLASSFISH);

    final String name;

    Kind(String name) {
      this.name = name;
    }

    /** The containers of each build, or, with {@code -Pmatrix}, all. */
    static Stream<Kind> ofThisRun() {
      return Stream.of(values())
          .filter(kind -> !IN_PAIRS_ONLY.contains(kind))
          .filter(kind -> isMatrix() || !OF_THE_MATRIX_ONLY.contains(kind));
    }

    /**
     * The same without those of Servlet 6.1, which differ from their forerunners in little that
     * concerns us; with {@code -Pmatrix}, all.
     */
    static Stream<Kind> withoutTheNewest() {
      return ofThisRun().filter(kind -> isMatrix() || !NEWEST.contains(kind));
    }

    /** One of each maker, and one for {@code javax.servlet}; with {@code -Pmatrix}, all. */
    public static Stream<Kind> ofEachMaker() {
      return withoutTheNewest().filter(kind -> isMatrix() || kind != JETTY_EE8);
    }

    /** The containers whose nodes run in pairs: without {@code -Pmatrix}, not the large ones. */
    static Stream<Kind> ofTheMatrix() {
      return IN_PAIRS.stream().filter(kind -> isMatrix() || !LARGE.contains(kind));
    }

    /**
     * The containers whose logins go to other nodes; without {@code -Pmatrix}, one of each line.
     */
    static Stream<Kind> thatCarryLogins() {
      return Stream.of(TOMCAT_9, TOMCAT_10, JETTY_EE8, JETTY_EE10_HOME, TOMCAT_11, JETTY_EE11)
          .filter(kind -> isMatrix() || (kind != TOMCAT_11 && kind != JETTY_EE11));
    }

    /**
     * Those of them that are deployed to while they run; without {@code -Pmatrix}, one of each
     * maker and of each Servlet API.
     */
    public static Stream<Kind> thatAreHot() {
      return Stream.of(TOMCAT_10, JETTY_EE8, JETTY_EE10_HOME, TOMCAT_9, TOMCAT_11)
          .limit(isMatrix() ? Long.MAX_VALUE : 2);
    }

    /** The containers where a module of ours does the logins. */
    static Stream<Kind> withModulesForLogins() {
      return Stream.of(WILDFLY, GLASSFISH);
    }

    private static boolean isMatrix() {
      return Boolean.getBoolean("carryover-test.matrix");
    }

    /**
     * One of each maker without Undertow, which has no deployer of its own: see {@link
     * UndertowNode}.
     */
    static Stream<Kind> thatReadAllOfAWar() {
      return ofEachMaker().filter(kind -> !kind.isUndertow());
    }

    /** The containers of this run without those whose Servlet API is {@code javax.servlet}. */
    static Stream<Kind> forJakarta() {
      return ofThisRun().filter(kind -> !kind.isJavax());
    }

    /** One of each maker, for {@code jakarta.servlet}; with {@code -Pmatrix}, all. */
    static Stream<Kind> ofEachMakerForJakarta() {
      return ofEachMaker().filter(kind -> !kind.isJavax());
    }

    /** Whether its Servlet API is {@code javax.servlet}. */
    public boolean isJavax() {
      return EnumSet.of(TOMCAT_8, TOMCAT_9, JETTY_9, JETTY_10, JETTY_EE8, UNDERTOW_JAVAX)
          .contains(this);
    }

    /** Whether the tests' installation of it has no JSP. */
    public boolean isWithoutJsp() {
      return isUndertow() || this == JETTY_EE11;
    }

    /** Whether it is an Undertow without a deployer. */
    public boolean isUndertow() {
      return EnumSet.of(UNDERTOW, UNDERTOW_JAVAX, UNDERTOW_APART).contains(this);
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

    Path war;
    final Map<String, String> contextParams = new LinkedHashMap<>();
    final StringBuilder contextXml = new StringBuilder();
    final List<String> jvmOptions = new ArrayList<>();
    final List<User> users = new ArrayList<>();
    final Map<String, Path> otherWars = new LinkedHashMap<>();
    String contextPath = "";
    String route;
    boolean deploysLater;
    int port;
    private final Kind kind;

    private Builder(Kind kind, Path war) {
      this.kind = kind;
      this.war = war;
    }

    /** Turns to the same web applications as they would be for {@code javax.servlet}. */
    private Builder javax() {
      war = JavaxWar.of(war);
      otherWars.replaceAll((path, other) -> JavaxWar.of(other));
      return this;
    }

    /** Sets the context path, such as {@code /shop}; the root unless set. */
    public Builder contextPath(String contextPath) {
      this.contextPath = contextPath.equals("/") ? "" : contextPath;
      return this;
    }

    /** Adds another web application. Each may then dispatch requests to the others. */
    public Builder alsoWar(Path other, String otherContextPath) {
      otherWars.put(otherContextPath, other);
      return this;
    }

    /** Sets a context parameter of every web application, as web.xml would. */
    public Builder contextParam(String name, String value) {
      contextParams.put(name, value);
      if (name.equals("carryover.redis.url")) {
        // Busy machines are not what these tests are about.
        contextParams.putIfAbsent("carryover.redis.timeout", "20s");
      }
      return this;
    }

    /** Adds to the context of every web application, in Tomcat's words; nothing elsewhere. */
    public Builder inContextXml(String elements) {
      contextXml.append(elements);
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

    /** Has it deploy what is put into its directory later, and undeploy what is deleted there. */
    Builder deploysLater() {
      deploysLater = true;
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
