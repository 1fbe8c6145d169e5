package dev.carryover;

import dev.carryover.config.ContainerLogin;
import dev.carryover.config.SessionConfig;
import dev.carryover.servlet.LoginCarrier;
import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.ContainerLogins;
import dev.carryover.servlet.container.LoginHook;
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

  /** Null if they stay with the container. */
  @Nullable LoginCarrier carrier() {
    return carrier;
  }

  /** Has the container's authenticator stand behind the hook. */
  void around(LoginHook hook) {
    if (logins != null) {
      logins.around(hook);
    }
  }

  @Override
  public void close() {
    if (logins != null) {
      logins.close();
    }
  }
}
