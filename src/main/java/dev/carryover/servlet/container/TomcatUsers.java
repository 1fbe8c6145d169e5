package dev.carryover.servlet.container;

import java.lang.reflect.Constructor;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Users as Tomcat's realms know them. Thread-safe. */
final class TomcatUsers {

  private final Live context;
  private final LiveMethod getRealm;
  private final Class<?> type;
  private final LiveMethod authenticate;
  private final LiveMethod getRoles;
  private final LiveMethod getUserPrincipal;
  private final Constructor<?> constructor;

  /** Tomcat up to 10.0 wants a password too. */
  private final boolean wantsPassword;

  TomcatUsers(Live context) throws ReflectiveOperationException {
    this.context = context;
    getRealm = LiveMethod.of(context.get().getClass(), "getRealm");
    type = context.type("org.apache.catalina.realm.GenericPrincipal");
    authenticate =
        LiveMethod.of(context.type("org.apache.catalina.Realm"), "authenticate", String.class);
    getRoles = LiveMethod.of(type, "getRoles");
    getUserPrincipal = LiveMethod.of(type, "getUserPrincipal");
    Class<?>[] withPassword = {String.class, String.class, List.class, Principal.class};
    Class<?>[] without = {String.class, List.class, Principal.class};
    wantsPassword =
        Arrays.stream(type.getConstructors())
            .noneMatch(known -> Arrays.equals(known.getParameterTypes(), without));
    constructor = type.getConstructor(wantsPassword ? withPassword : without);
  }

  LoginUser user(Principal principal, @Nullable String authType) {
    if (!type.isInstance(principal)) {
      return new LoginUser(principal.getName(), authType, List.of(), principal);
    }
    Principal shown = (Principal) getUserPrincipal.ask(principal);
    return new LoginUser(
        principal.getName(),
        authType,
        List.of((String[]) getRoles.ask(principal)),
        shown == principal ? null : shown);
  }

  /** Where the realm alone tells roles, by a principal of its own class, that is what it gets. */
  Object principal(LoginUser user) {
    Principal own = user.own();
    if (own != null && user.roles().isEmpty() && own.getName().equals(user.name())) {
      return own;
    }
    try {
      return wantsPassword
          ? constructor.newInstance(user.name(), null, user.roles(), own)
          : constructor.newInstance(user.name(), user.roles(), own);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Tomcat's principal can't be made", e);
    }
  }

  /** As {@link ContainerLogins#ask}. */
  @Nullable LoginUser ask(String name, @Nullable String authType) {
    Object principal = authenticate.on(realm(), name);
    return principal == null ? null : user((Principal) principal, authType);
  }

  /** As {@link ContainerLogins#isRealmAvailable}. */
  boolean isRealmAvailable() {
    Live realm = Live.of(realm());
    try {
      return !realm.has("isAvailable") || (Boolean) realm.call("isAvailable").get();
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  private Object realm() {
    return getRealm.ask(context.get());
  }
}
