package loginflow.jaas;

import java.io.Serializable;
import java.security.Principal;

/** A user as only the application knows one, with what a name does not tell. */
public class OwnUser implements Principal, Serializable {

  private static final long serialVersionUID = 1;

  private final String name;
  private final String department;

  public OwnUser(String name) {
    this.name = name;
    this.department = "department of " + name;
  }

  @Override
  public String getName() {
    return name;
  }

  public String department() {
    return department;
  }
}
