package loginflow.jaas;

import java.io.IOException;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;

/** Knows everyone by the same password; bob is one whom the class filter keeps here. */
public class Module implements LoginModule {

  private Subject subject;
  private CallbackHandler handler;
  private String name;

  @Override
  public void initialize(
      Subject who, CallbackHandler callbackHandler, Map<String, ?> shared, Map<String, ?> options) {
    subject = who;
    handler = callbackHandler;
  }

  @Override
  public boolean login() throws LoginException {
    NameCallback user = new NameCallback("name");
    PasswordCallback password = new PasswordCallback("password", false);
    try {
      handler.handle(new Callback[] {user, password});
    } catch (IOException | UnsupportedCallbackException e) {
      throw (LoginException) new LoginException().initCause(e);
    }
    if (password.getPassword() == null || !"secret".equals(new String(password.getPassword()))) {
      throw new FailedLoginException();
    }
    name = user.getName();
    return true;
  }

  @Override
  public boolean commit() {
    subject.getPrincipals().add(name.equals("bob") ? new FilteredUser(name) : new OwnUser(name));
    subject.getPrincipals().add(new OwnRole("customer"));
    if (name.equals("root")) {
      subject.getPrincipals().add(new OwnRole("admin"));
    }
    return true;
  }

  @Override
  public boolean abort() {
    return true;
  }

  @Override
  public boolean logout() {
    return true;
  }
}
