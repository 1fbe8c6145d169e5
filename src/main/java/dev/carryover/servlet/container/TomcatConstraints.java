package dev.carryover.servlet.container;

import java.util.Arrays;

/**
 * What the application's {@code <security-constraint>}s say of requests, as Tomcat's realm finds
 * them. Thread-safe.
 */
final class TomcatConstraints {

  private final Live context;
  private final LiveMethod getRealm;
  private final LiveMethod findConstraints;
  private final LiveMethod findForRequest;
  private final LiveMethod getAuthConstraint;
  private final LiveMethod findCollections;
  private final LiveMethod findMethods;
  private final LiveMethod findOmittedMethods;
  private final boolean preemptive;
  private volatile ByMethod last = new ByMethod(new Object[0], false);

  TomcatConstraints(Live context) throws ReflectiveOperationException {
    this.context = context;
    Class<?> type = context.get().getClass();
    Class<?> constraint = context.type("org.apache.tomcat.util.descriptor.web.SecurityConstraint");
    Class<?> collection = context.type("org.apache.tomcat.util.descriptor.web.SecurityCollection");
    getRealm = LiveMethod.of(type, "getRealm");
    findConstraints = LiveMethod.of(type, "findConstraints");
    findForRequest =
        LiveMethod.of(
            context.type("org.apache.catalina.Realm"),
            "findSecurityConstraints",
            context.type("org.apache.catalina.connector.Request"),
            context.type("org.apache.catalina.Context"));
    getAuthConstraint = LiveMethod.of(constraint, "getAuthConstraint");
    findCollections = LiveMethod.of(constraint, "findCollections");
    findMethods = LiveMethod.of(collection, "findMethods");
    findOmittedMethods = LiveMethod.of(collection, "findOmittedMethods");
    preemptive = (Boolean) context.call("getPreemptiveAuthentication").get();
  }

  /**
   * Whether the authenticator looks for the user.
   *
   * @param continues whether it may do so for the sake of an earlier request of another method
   */
  boolean apply(Object request, boolean continues) {
    if (preemptive || (continues && areByMethod())) {
      return true;
    }
    Object found = findForRequest.on(getRealm.ask(context.get()), request, context.get());
    return found != null
        && Arrays.stream((Object[]) found)
            .anyMatch(constraint -> (Boolean) getAuthConstraint.ask(constraint));
  }

  /** Whether any is for some methods only. Servlets may bring constraints when they are loaded. */
  private boolean areByMethod() {
    Object[] all = (Object[]) findConstraints.ask(context.get());
    ByMethod known = last;
    if (known.all != all) {
      known = new ByMethod(all, Arrays.stream(all).anyMatch(this::isByMethod));
      last = known;
    }
    return known.any;
  }

  private boolean isByMethod(Object constraint) {
    return Arrays.stream((Object[]) findCollections.ask(constraint))
        .anyMatch(
            collection ->
                ((String[]) findMethods.ask(collection)).length > 0
                    || ((String[]) findOmittedMethods.ask(collection)).length > 0);
  }

  /** What was found out of a list of constraints. */
  private static final class ByMethod {
    private final Object[] all;
    private final boolean any;

    private ByMethod(Object[] all, boolean any) {
      this.all = all;
      this.any = any;
    }
  }
}
