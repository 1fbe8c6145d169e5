package dev.carryover.servlet.container;

import java.lang.reflect.Constructor;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/** Users as Jetty's realms know them, and what sessions keep of their logins. Thread-safe. */
final class JettyUsers {

  private static final String NO_CLASS_OF_OURS = "org.eclipse.jetty.";

  /** How its realms in databases connect. To them, somebody unknown and a failure are alike. */
  private static final Map<String, String> CONNECTING =
      Map.of(
          "org.eclipse.jetty.security.JDBCLoginService", "connectDatabase",
          "org.eclipse.jetty.plus.security.DataSourceLoginService", "getConnection");

  private final Class<?> loginType;
  private final Constructor<?> newLogin;
  private final LiveMethod getUserIdentity;
  private final LiveMethod getAuthType;
  private final LiveMethod getUserPrincipal;
  private final LiveMethod newIdentity;
  private final Constructor<?> newPrincipal;
  private final Object identities;
  private final Object service;
  private final @Nullable LiveMethod loadUser;
  private final @Nullable LiveMethod loadRoles;

  /** Null if the realm is in no database. */
  private final @Nullable LiveMethod connect;

  JettyUsers(
      Live context,
      Class<?> loginType,
      LiveMethod authTypeOfLogin,
      Object identities,
      Object service)
      throws ReflectiveOperationException {
    this.identities = identities;
    this.service = service;
    Class<?> identity = context.type("org.eclipse.jetty.security.UserIdentity");
    this.loginType = loginType;
    newLogin = loginType.getConstructor(String.class, identity, Object.class);
    getUserIdentity = LiveMethod.of(loginType, "getUserIdentity");
    getAuthType = authTypeOfLogin;
    getUserPrincipal = LiveMethod.of(identity, "getUserPrincipal");
    newIdentity =
        LiveMethod.of(
            context.type("org.eclipse.jetty.security.IdentityService"),
            "newUserIdentity",
            Subject.class,
            Principal.class,
            String[].class);
    Class<?> principal = context.type("org.eclipse.jetty.security.UserPrincipal");
    newPrincipal =
        principal.getConstructor(
            String.class, context.type("org.eclipse.jetty.util.security.Credential"));
    if (Live.of(service).has("isFullValidate")
        && Boolean.TRUE.equals(Live.of(service).callNullable("isFullValidate"))) {
      throw new NoSuchMethodException("its realm wants the password with each request");
    }
    boolean tells =
        context.type("org.eclipse.jetty.security.AbstractLoginService").isInstance(service);
    Class<?> type = service.getClass();
    loadUser = tells ? LiveMethod.declared(type, "loadUserInfo", String.class) : null;
    loadRoles = tells ? LiveMethod.declared(type, "loadRoleInfo", principal) : null;
    connect = connecting(type);
  }

  private static @Nullable LiveMethod connecting(Class<?> service) throws NoSuchMethodException {
    for (Class<?> type = service; type != null; type = type.getSuperclass()) {
      String method = CONNECTING.get(type.getName());
      if (method != null) {
        return LiveMethod.declared(type, method);
      }
    }
    return null;
  }

  boolean isLogin(@Nullable Object login) {
    return loginType.isInstance(login);
  }

  Principal principal(Object login) {
    return (Principal) getUserPrincipal.ask(getUserIdentity.ask(login));
  }

  LoginUser user(Object login) {
    Principal principal = principal(login);
    return new LoginUser(
        principal.getName(),
        (String) getAuthType.on(login),
        roles(getUserIdentity.ask(login)),
        own(principal));
  }

  private static List<String> roles(Object identity) {
    try {
      return List.of((String[]) Live.of(identity).field("_roles").get());
    } catch (ReflectiveOperationException e) {
      return List.of();
    }
  }

  /**
   * The principal if it is of a class of the application's; Jetty's have the credential in them.
   */
  private @Nullable Principal own(Principal principal) {
    boolean ofJetty =
        newPrincipal.getDeclaringClass().isInstance(principal)
            || principal.getClass().getName().startsWith(NO_CLASS_OF_OURS);
    return ofJetty ? null : principal;
  }

  /** What a session keeps of a user's login. */
  Object login(LoginUser user) {
    try {
      Principal own = user.own();
      Object principal = own == null ? newPrincipal.newInstance(user.name(), null) : own;
      Subject subject = new Subject();
      subject.getPrincipals().add((Principal) principal);
      String[] roles = user.roles().toArray(new String[0]);
      Object identity = newIdentity.ask(identities, subject, principal, roles);
      return newLogin.newInstance(user.authType(), identity, null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Jetty's user can't be made", e);
    }
  }

  /** As {@link ContainerLogins#ask}. */
  @Nullable LoginUser ask(String name, @Nullable String authType) {
    LiveMethod roles = loadRoles;
    Object principal = find(name);
    if (principal == null || roles == null) {
      return null;
    }
    List<String> names = new ArrayList<>();
    Object found = roles.on(service, principal);
    if (found != null) {
      ((List<?>) found).forEach(role -> names.add(((Principal) role).getName()));
    } else if (connect != null) {
      throw new IllegalStateException("The realm's database has told no roles");
    }
    return new LoginUser(name, authType, names, own((Principal) principal));
  }

  /** If a database does not know somebody, that counts once it is sure that it can be reached. */
  private @Nullable Object find(String name) {
    LiveMethod load = loadUser;
    Object found = load == null ? null : load.on(service, name);
    LiveMethod connecting = connect;
    if (found != null || load == null || connecting == null) {
      return found;
    }
    try {
      ((AutoCloseable) connecting.ask(service)).close();
    } catch (Exception e) {
      throw new IllegalStateException("The realm's database can't be reached", e);
    }
    return load.on(service, name);
  }
}
