package dev.carryover.servlet.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.testing.Stub;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import org.eclipse.jetty.security.DefaultIdentityService;
import org.eclipse.jetty.security.JDBCLoginService;
import org.eclipse.jetty.security.authentication.SessionAuthentication;
import org.junit.jupiter.api.Test;

/** Jetty's realm in a database, which tells nobody when that is away. */
class JettyUsersTest {

  private final Database database = new Database();
  private final JettyUsers users = users();

  @Test
  void areAsTheDatabaseHasThem() {
    assertThat(users.ask("ann", "FORM").roles()).containsExactly("customer");
    database.roles = List.of();
    assertThat(users.ask("ann", "FORM").roles()).isEmpty();
    database.hasUser = false;
    assertThat(users.ask("ann", "FORM")).isNull();
    assertThat(database.connections).as("not closed").isEqualTo(1);
  }

  @Test
  void cannotBeAskedForWhileTheDatabaseIsAway() {
    database.breakDown();
    assertThatThrownBy(() -> users.ask("ann", "FORM")).hasMessageContaining("can't be reached");
    database.isAway = false;
    assertThat(users.ask("ann", "FORM").roles()).containsExactly("customer");
  }

  /** The realm has a connection that is broken then. */
  @Test
  void areThereAfterTheDatabaseWasRestarted() {
    users.ask("ann", "FORM");
    database.breakDown();
    database.isAway = false;
    assertThat(users.ask("ann", "FORM").roles()).containsExactly("customer");
  }

  @Test
  void haveNotLostTheirRolesIfOnlyThoseCanNotBeRead() {
    database.roles = null;
    assertThatThrownBy(() -> users.ask("ann", "FORM")).hasMessageContaining("no roles");
  }

  private JettyUsers users() {
    try {
      Class<?> loginType = SessionAuthentication.class;
      return new JettyUsers(
          Live.of(database),
          loginType,
          LiveMethod.of(loginType, "getAuthenticationType"),
          new DefaultIdentityService(),
          database);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With one user or none. */
  private static final class Database extends JDBCLoginService {
    private boolean isAway;
    private boolean hasUser = true;
    private List<String> roles = List.of("customer");
    private int connections;
    private int starts;

    private Database() {
      _userSql = "user";
      _roleSql = "roles";
    }

    private void breakDown() {
      isAway = true;
      starts++;
      connections = 0;
    }

    @Override
    public Connection connectDatabase() throws SQLException {
      requireThere(starts);
      connections++;
      int start = starts;
      return Stub.of(
          Connection.class,
          (proxy, method, arguments) -> {
            switch (method.getName()) {
              case "close":
                connections--;
                return null;
              case "prepareStatement":
                requireThere(start);
                return statement(arguments[0].equals("user"));
              default:
                return false;
            }
          });
    }

    private void requireThere(int start) throws SQLException {
      if (isAway || start != starts) {
        throw new SQLException("The database is away");
      }
    }

    private PreparedStatement statement(boolean isOfUser) throws SQLException {
      List<String> rows = isOfUser ? hasUser ? List.of("secret") : List.of() : roles;
      if (rows == null) {
        throw new SQLException("There is no such table");
      }
      Iterator<String> each = rows.iterator();
      ResultSet results =
          Stub.of(
              ResultSet.class,
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "next" -> each.hasNext();
                    case "getInt" -> 1;
                    case "getString" -> each.next();
                    default -> null;
                  });
      return Stub.of(
          PreparedStatement.class,
          (proxy, method, arguments) -> method.getName().equals("executeQuery") ? results : null);
    }
  }
}
