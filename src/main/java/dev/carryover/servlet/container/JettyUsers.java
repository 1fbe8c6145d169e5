package dev.carryover.servlet.container;

import java.lang.reflect.Constructor;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/** Users as Jetty's realms know them, and what sessions keep of their logins. Thread-safe. */
final class JettyUsers {

  private static final String NO_CLASS_OF_OURS = "org.eclipse.jetty.";

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

  JettyUsers(Live context, JettyEnvironment environment, Object identities, Object service)
      throws ReflectiveOperationException {
    this.identities = identities;
    this.service = service;
    Class<?> identity = context.type("org.eclipse.jetty.security.UserIdentity");
    loginType = environment.loginType();
    newLogin = loginType.getConstructor(String.class, identity, Object.class);
    getUserIdentity = LiveMethod.of(loginType, "getUserIdentity");
    getAuthType = environment.authTypeOfLogin();
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
    LiveMethod user = loadUser;
    LiveMethod roles = loadRoles;
    Object principal = user == null ? null : user.on(service, name);
    if (principal == null || roles == null) {
      return null;
    }
    List<String> names = new ArrayList<>();
    Object found = roles.on(service, principal);
    if (found != null) {
      ((List<?>) found).forEach(role -> names.add(((Principal) role).getName()));
    }
    return new LoginUser(name, authType, names, own((Principal) principal));
  }
}
