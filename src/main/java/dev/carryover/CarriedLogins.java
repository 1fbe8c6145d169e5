package dev.carryover;

import dev.carryover.config.ContainerLogin;
import dev.carryover.config.SessionConfig;
import dev.carryover.servlet.LoginCarrier;
import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.ContainerLogins;
import dev.carryover.servlet.container.LoginHook;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a web application's container logins are carried, and where they are taken from. */
final class CarriedLogins implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CarriedLogins.class);

  private final @Nullable ContainerLogins logins;
  private final @Nullable LoginCarrier carrier;

  private CarriedLogins(@Nullable ContainerLogins logins, @Nullable LoginCarrier carrier) {
    this.logins = logins;
    this.carrier = carrier;
  }

  /** As it is configured, and as far as the container lets it; what stays there is logged. */
  static CarriedLogins of(SessionConfig config, ContainerAdapter container, String namespace) {
    ContainerLogins logins = isWanted(config, namespace) ? container.logins() : null;
    if (logins == null) {
      log.debug("Carryover[{}] leaves logins to the container", namespace);
      return new CarriedLogins(null, null);
    }
    return new CarriedLogins(logins, new LoginCarrier(logins, config.containerLoginRevalidate()));
  }

  private static boolean isWanted(SessionConfig config, String namespace) {
    boolean sealed = config.secrets().sealAll();
    if (config.containerLogin() == ContainerLogin.AUTO && !sealed) {
      log.info(
          "Carryover[{}] leaves logins to the container: they are carried in sealed sessions only,"
              + " and there is no secret, or 'none' is among the secrets"
              + " (container-login=carry does without)",
          namespace);
      return false;
    }
    if (config.containerLogin() == ContainerLogin.CARRY && !sealed) {
      log.warn(
          "Carryover[{}] carries logins in sessions that are not sealed: who can write to Redis can"
              + " be any user",
          namespace);
    }
    return config.containerLogin() != ContainerLogin.OFF;
  }

  /**
   * Has the container's authenticator stand behind a hook; where it can't, logins stay with the
   * container.
   *
   * @param hooks makes the hook for what it is to carry; null for nothing
   * @return the one that is to be used
   */
  <T extends LoginHook> T around(Function<@Nullable LoginCarrier, T> hooks) {
    T hook = hooks.apply(carrier);
    if (logins == null) {
      return hook;
    }
    try {
      logins.around(hook);
      return hook;
    } catch (RuntimeException e) {
      log.warn("Logins stay with the container: {}", e.toString());
      putBack(logins);
      return hooks.apply(null);
    }
  }

  private static void putBack(ContainerLogins reached) {
    try {
      reached.close();
    } catch (RuntimeException e) {
      log.debug("There was nothing to put back: {}", e.toString());
    }
  }

  @Override
  public void close() {
    if (logins != null) {
      logins.close();
    }
  }
}
