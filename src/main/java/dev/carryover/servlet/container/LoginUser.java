package dev.carryover.servlet.container;

import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A user as a container knows one who has logged in. Immutable. */
public final class LoginUser {

  private final String name;
  private final @Nullable String authType;
  private final List<String> roles;
  private final @Nullable Principal own;

  /**
   * A user.
   *
   * @param authType how he has logged in, as {@code getAuthType} says it
   * @param own what applications see as his principal, where that is no class of the container's
   */
  public LoginUser(
      String name, @Nullable String authType, List<String> roles, @Nullable Principal own) {
    this.name = name;
    this.authType = authType;
    this.roles = List.copyOf(roles);
    this.own = own;
  }

  public String name() {
    return name;
  }

  public @Nullable String authType() {
    return authType;
  }

  public List<String> roles() {
    return roles;
  }

  public @Nullable Principal own() {
    return own;
  }

  /**
   * The same with the other's principal of the application's own class, if this one has none:
   * realms that make one of a login need not do so when they are asked without a password.
   */
  public LoginUser withPrincipalOf(LoginUser earlier) {
    return own != null ? this : new LoginUser(name, authType, roles, earlier.own);
  }

  /** Names nobody. */
  @Override
  public String toString() {
    return "LoginUser{by " + authType + ", " + roles.size() + " roles}";
  }
}
