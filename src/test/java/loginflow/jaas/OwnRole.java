package loginflow.jaas;

import java.security.Principal;

/** A role of a user. */
public class OwnRole implements Principal {

  private final String name;

  public OwnRole(String name) {
    this.name = name;
  }

  @Override
  public String getName() {
    return name;
  }
}
