package dev.carryover;

import dev.carryover.admin.Console;
import dev.carryover.admin.NodeBean;
import dev.carryover.codec.CodecException;
import dev.carryover.codec.KryoCodec;
import dev.carryover.codec.ValueType;
import dev.carryover.config.ConfigKey;
import dev.carryover.config.Granularity;
import dev.carryover.config.NonSerializable;
import dev.carryover.config.OnMaxSessions;
import dev.carryover.config.OnRedisFailure;
import dev.carryover.config.ReadMode;
import dev.carryover.config.SessionConfig;
import dev.carryover.config.StoreType;
import dev.carryover.metrics.Micrometer;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.servlet.AccessRules;
import dev.carryover.servlet.ClientBinding;
import dev.carryover.servlet.ListenerBridge;
import dev.carryover.servlet.RequestDispatch;
import dev.carryover.servlet.SessionCookie;
import dev.carryover.servlet.UserAttributes;
import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.ContainerTimeout;
import dev.carryover.session.AttributeCodec;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.SessionDirectory;
import dev.carryover.session.SessionLimit;
import dev.carryover.session.SessionRules;
import dev.carryover.store.SessionStore;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.store.redis.RedisSessionStore;
import jakarta.servlet.ServletContext;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EventListener;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carryover as one web application has it: all parts, wired. Lives as long as the filter. */
final class Deployment implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Deployment.class);

  /** What a node keeps of changes that Redis can't be told. */
  private static final int MOST_UNSAVED_SESSIONS = 10_000;

  private static final long MOST_UNSAVED_BYTES = 32 * 1024 * 1024;

  private final String namespace;
  private final NodeMetrics metrics = new NodeMetrics();
  private final RequestDispatch dispatch;

  /** What ends the parts that are there, the last one first. */
  private final Deque<Runnable> ends = new ArrayDeque<>();

  /**
   * Wires the parts. Waits for Redis as long as a request would ({@code redis.timeout}), and starts
   * without it too. If it fails, nothing is left of it.
   *
   * @param filterName the name that our filter is registered by
   * @param listenerClasses the application's listeners as far as they are known, for containers
   *     whose own instances can't be reached
   * @throws dev.carryover.config.ConfigException if a configured file is missing or wrong
   */
  Deployment(
      ServletContext context,
      String filterName,
      SessionConfig config,
      Collection<Class<? extends EventListener>> listenerClasses) {
    namespace = config.namespaceAt(context.getContextPath());
    try {
      dispatch = start(context, filterName, config, listenerClasses);
    } catch (RuntimeException | Error e) {
      end();
      throw e;
    }
  }

  private RequestDispatch start(
      ServletContext context,
      String filterName,
      SessionConfig config,
      Collection<Class<? extends EventListener>> listenerClasses) {
    ContainerAdapter container = ContainerAdapter.of(context, listenerClasses);
    ListenerBridge listeners = new ListenerBridge(context, container);
    SessionCookie tracking = ContextTracking.read(context, config, container);
    AttributeCodec codec = codec(container.applicationLoader(context), config);
    SessionRules rules = rules(context, config);
    LiveSessions sessions =
        new LiveSessions(
            store(context, config, namespace, metrics), codec, rules, listeners, metrics);
    ends.push(sessions::close);
    CarriedLogins logins = CarriedLogins.of(config, container, namespace);
    ends.push(logins::close);
    AccessRules accessRules = accessRules(config, sessions.directory());
    RequestDispatch made =
        logins.around(
            carrier ->
                new RequestDispatch(
                    sessions, listeners, container, tracking, carrier, accessRules));
    new FilterPlace(context, container, filterName).take(context, namespace);
    ends.push(container::close);
    boolean seesRequests = container.interceptRequestListeners(made);
    sessions.start();
    show(context, config, sessions, codec);
    log.info("Carryover[{}] keeps the sessions; cookie {}", namespace, tracking);
    log.info(
        "Carryover[{}] runs on {}, Servlet {}.{}",
        namespace,
        context.getServerInfo(),
        context.getMajorVersion(),
        context.getMinorVersion());
    log.info("Carryover[{}] {}: {}", namespace, container.name(), listeners);
    if (!seesRequests) {
      log.warn(
          "Carryover[{}] can't reach this container's ServletRequestListeners: those of the"
              + " application see the container's session, which stays empty",
          namespace);
    }
    config.describe().forEach(line -> log.info("Carryover[{}] {}", namespace, line));
    return made;
  }

  /** Has operators and the application find it. */
  private void show(
      ServletContext context, SessionConfig config, LiveSessions sessions, AttributeCodec codec) {
    ends.push(NodeBean.register(metrics, namespace, context.getContextPath())::close);
    ends.push(showInMicrometer(context));
    Carryover face = new Carryover(sessions);
    face.enter(context);
    ends.push(face::leave);
    if (config.console()) {
      Console console =
          new Console(
              namespace,
              config,
              metrics,
              sessions,
              ValueType::of,
              bytes -> codec.decode("attribute", bytes));
      console.enter(context);
      ends.push(console::leave);
    }
  }

  RequestDispatch dispatch() {
    return dispatch;
  }

  @Override
  public void close() {
    end();
    log.info("Carryover[{}] has stopped; the sessions stay", namespace);
  }

  /** One part that can't be ended does not keep the others. */
  private void end() {
    while (!ends.isEmpty()) {
      try {
        ends.pop().run();
      } catch (RuntimeException e) {
        log.warn("Carryover[{}] could not end all of it: {}", namespace, e.toString());
      }
    }
  }

  private Runnable showInMicrometer(ServletContext context) {
    String path = context.getContextPath();
    return Micrometer.show(
        metrics,
        Map.of("namespace", namespace, "context", path.isEmpty() ? "/" : path),
        ContextSettings.attributes(context));
  }

  private AttributeCodec codec(ClassLoader application, SessionConfig config) {
    KryoCodec.Builder codec =
        KryoCodec.builder(application)
            .nonSerializable(config.nonSerializable())
            .carry(config.codecCarry())
            .keepLocal(config.codecKeepLocal())
            .aliases(config.codecAlias())
            .onBean(
                type ->
                    log.info(
                        "Carryover[{}] carries objects of {}, which is not Serializable",
                        namespace,
                        type.getName()));
    config.codecFilter().ifPresent(codec::filter);
    config.codecCompressAbove().ifPresent(codec::compressAbove);
    return new CodecBridge(codec.build(), config.nonSerializable() == NonSerializable.REJECT);
  }

  private static SessionRules rules(ServletContext context, SessionConfig config) {
    SessionRules rules =
        new SessionRules(
            config.timeout().orElseGet(() -> ContainerTimeout.of(context)),
            config.mutationDetection(),
            config.expiryPollInterval(),
            config.expiryLease());
    if (config.granularity() == Granularity.SESSION) {
      rules = rules.inOneGraph();
    }
    if (!config.sliding()) {
      rules = rules.withFixedDeadlines();
    }
    if (config.nearCache()) {
      rules = rules.withNearCache(config.nearCacheSessions(), config.nearCacheBytes());
    }
    if (config.onRedisFailure() == OnRedisFailure.LOCAL) {
      rules = rules.goingOnAlone(MOST_UNSAVED_SESSIONS, MOST_UNSAVED_BYTES);
    }
    rules =
        rules.withSizeLimits(
            config.maxAttributeBytes().orElse(0),
            config.maxSessionBytes().orElse(0),
            config.lazyAbove());
    rules = rules.creatingAtMost(config.maxNewSessionsPerSecond().orElse(0));
    rules = rules.withMaxAge(config.maxAge());
    return config.read() == ReadMode.TRUSTED ? rules.trustingCopies() : rules;
  }

  private static AccessRules accessRules(SessionConfig config, SessionDirectory sessions) {
    OptionalInt most = config.maxSessionsPerPrincipal();
    boolean rejects = config.onMaxSessions() == OnMaxSessions.REJECT;
    return new AccessRules(
        new UserAttributes(config.principalAttribute().orElse(null)),
        most.isPresent() ? new SessionLimit(sessions, most.getAsInt(), rejects) : null,
        config
            .bind()
            .map(
                traits ->
                    new ClientBinding(traits, config.bindTrustedProxies(), config.onBindMismatch()))
            .orElse(null));
  }

  private static SessionStore store(
      ServletContext context, SessionConfig config, String namespace, NodeMetrics metrics) {
    if (config.store() == StoreType.MEMORY) {
      return new MemorySessionStore(Clock.systemUTC(), config.sliding(), config.maxAge());
    }
    return config
        .redissonConfig()
        .map(path -> fromYaml(context, config, namespace, path, metrics))
        .orElseGet(() -> RedisSessionStore.connect(config, namespace, metrics));
  }

  private static SessionStore fromYaml(
      ServletContext context,
      SessionConfig config,
      String namespace,
      String path,
      NodeMetrics metrics) {
    String yaml = ContextSettings.redissonYaml(context, config, path);
    try {
      return RedisSessionStore.fromYaml(yaml, config, namespace, metrics);
    } catch (IllegalArgumentException e) {
      throw config.refuse(ConfigKey.REDISSON_CONFIG, "expected " + e.getMessage());
    }
  }

  /** The codec as the rules of a session's life want it. */
  private static final class CodecBridge implements AttributeCodec {
    private final KryoCodec codec;
    private final boolean rejects;

    private CodecBridge(KryoCodec codec, boolean rejects) {
      this.codec = codec;
      this.rejects = rejects;
    }

    @Override
    public byte[] encode(String name, Object value, byte @Nullable [] known) {
      try {
        return codec.encode(value, known);
      } catch (CodecException e) {
        throw e.inAttribute(name);
      }
    }

    @Override
    public Object decode(String name, byte[] encoded) {
      try {
        return codec.decode(encoded);
      } catch (CodecException e) {
        throw e.inAttribute(name);
      }
    }

    @Override
    public void requireSettable(String name, Object value) {
      try {
        if (rejects) {
          var unused = encode(name, value, null);
        }
      } catch (CodecException e) {
        if (e.isRefusal()) {
          throw new IllegalArgumentException(e.getMessage(), e);
        }
      }
    }

    @Override
    public boolean isImmutable(Object value) {
      return KryoCodec.isImmutable(value);
    }
  }
}
