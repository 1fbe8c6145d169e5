package loginflow.jaas;

/** A user of a class that the class filter lets nobody carry. */
public class FilteredUser extends OwnUser {

  private static final long serialVersionUID = 1;

  public FilteredUser(String name) {
    super(name);
  }
}
