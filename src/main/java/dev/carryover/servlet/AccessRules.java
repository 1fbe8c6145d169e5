package dev.carryover.servlet;

import dev.carryover.session.SessionLimit;
import org.jspecify.annotations.Nullable;

/** Who may use sessions: who counts as logged in, how often, and from where. Immutable. */
public final class AccessRules {

  private final UserAttributes users;
  private final @Nullable SessionLimit limit;
  private final @Nullable ClientBinding binding;

  /**
   * @param limit null where a user may have any number of sessions
   * @param binding null where sessions do not look at their clients
   */
  public AccessRules(
      UserAttributes users, @Nullable SessionLimit limit, @Nullable ClientBinding binding) {
    this.users = users;
    this.limit = limit;
    this.binding = binding;
  }

  UserAttributes users() {
    return users;
  }

  @Nullable SessionLimit limit() {
    return limit;
  }

  @Nullable ClientBinding binding() {
    return binding;
  }
}
