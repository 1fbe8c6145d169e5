package legacyshop;

import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;
import java.util.Date;

/**
 * Someone who logged in; kept in the session as {@code user}, and told when that begins and ends.
 */
public class User implements Serializable, HttpSessionBindingListener {

  private static final long serialVersionUID = 1L;

  private String name;
  private String fullName;
  private Date loggedInAt;

  public User() {}

  public User(String name, String fullName) {
    this.name = name;
    this.fullName = fullName;
    this.loggedInAt = new Date();
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  public String getFullName() {
    return fullName;
  }

  public void setFullName(String fullName) {
    this.fullName = fullName;
  }

  public Date getLoggedInAt() {
    return loggedInAt;
  }

  public void setLoggedInAt(Date loggedInAt) {
    this.loggedInAt = loggedInAt;
  }

  @Override
  public void valueBound(HttpSessionBindingEvent event) {
    EventLog.of(event.getSession()).add("valueBound", event.getSession(), name);
  }

  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    EventLog.of(event.getSession()).add("valueUnbound", event.getSession(), name);
  }
}
