package dev.carryover.servlet;

import dev.carryover.servlet.container.ContainerLogins;
import java.time.Duration;

/** How a web application's container logins are carried in its sessions. Immutable. */
public final class LoginCarrier {

  private final ContainerLogins logins;
  private final long revalidateMillis;

  /**
   * Carries logins.
   *
   * @param revalidate how often the realm is asked for a user's roles; zero for never
   */
  public LoginCarrier(ContainerLogins logins, Duration revalidate) {
    this.logins = logins;
    this.revalidateMillis = revalidate.toMillis();
  }

  ContainerLogins logins() {
    return logins;
  }

  long revalidateMillis() {
    return revalidateMillis;
  }
}
