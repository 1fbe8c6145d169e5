package dev.carryover.servlet.container;

import java.security.Principal;

/** Sessions of Tomcat's own manager that no listener hears of. Thread-safe. */
final class TomcatSessions {

  private final Live context;
  private final LiveMethod getManager;
  private final LiveMethod createEmptySession;
  private final LiveMethod remove;
  private final LiveMethod setValid;
  private final LiveMethod setNew;
  private final LiveMethod setCreationTime;
  private final LiveMethod setId;
  final LiveMethod setPrincipal;
  final LiveMethod setAuthType;
  final LiveMethod getNote;
  final LiveMethod setNote;
  final LiveMethod getMaxInactiveInterval;
  private final LiveMethod setMaxInactiveInterval;

  TomcatSessions(Live context) throws ReflectiveOperationException {
    this.context = context;
    Class<?> session = context.type("org.apache.catalina.Session");
    Class<?> manager = context.type("org.apache.catalina.Manager");
    getManager = LiveMethod.of(context.get().getClass(), "getManager");
    createEmptySession = LiveMethod.of(manager, "createEmptySession");
    remove = LiveMethod.of(manager, "remove", session, boolean.class);
    setValid = LiveMethod.of(session, "setValid", boolean.class);
    setNew = LiveMethod.of(session, "setNew", boolean.class);
    setCreationTime = LiveMethod.of(session, "setCreationTime", long.class);
    setId = LiveMethod.of(session, "setId", String.class, boolean.class);
    setPrincipal = LiveMethod.of(session, "setPrincipal", Principal.class);
    setAuthType = LiveMethod.of(session, "setAuthType", String.class);
    getNote = LiveMethod.of(session, "getNote", String.class);
    setNote = LiveMethod.of(session, "setNote", String.class, Object.class);
    getMaxInactiveInterval = LiveMethod.of(session, "getMaxInactiveInterval");
    setMaxInactiveInterval = LiveMethod.of(session, "setMaxInactiveInterval", int.class);
  }

  /** As the manager's {@code createSession}, but that no listener is told. */
  Object create(String id, boolean isNew, int maxInactiveInterval) {
    Object session = createEmptySession.ask(getManager.ask(context.get()));
    setNew.on(session, isNew);
    setValid.on(session, true);
    setCreationTime.on(session, System.currentTimeMillis());
    setMaxInactiveInterval.on(session, maxInactiveInterval);
    setId.on(session, id, false);
    return session;
  }

  /** As if it had never been. */
  void remove(Object session) {
    remove.on(getManager.ask(context.get()), session, false);
    setValid.on(session, false);
  }
}
