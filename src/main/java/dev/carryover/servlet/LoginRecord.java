package dev.carryover.servlet;

import dev.carryover.servlet.container.LoginBytes;
import dev.carryover.servlet.container.LoginUser;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A login as a session notes it: who, how, his roles, and what the realm had to say of him. What
 * the realm says later is noted apart, as another record of the same login: it counts for as long
 * as that login is noted, and brings none back that is not. Immutable.
 */
final class LoginRecord {

  private static final int FORMAT = 2;

  private final String login;
  private final LoginUser user;
  private final boolean realmKnows;
  private final long checkedAt;

  /**
   * A new login.
   *
   * @param realmKnows whether the realm knew the user without his password, so that it can be asked
   *     again
   * @param checkedAt when that was, in the store's time
   */
  LoginRecord(LoginUser user, boolean realmKnows, long checkedAt) {
    this(UUID.randomUUID().toString(), user, realmKnows, checkedAt);
  }

  private LoginRecord(String login, LoginUser user, boolean realmKnows, long checkedAt) {
    this.login = login;
    this.user = user;
    this.realmKnows = realmKnows;
    this.checkedAt = checkedAt;
  }

  /** The same login, of a user as the realm knows him now. */
  LoginRecord checked(LoginUser now, long at) {
    return new LoginRecord(login, now, realmKnows, at);
  }

  LoginUser user() {
    return user;
  }

  /** Whether the realm is to be asked again. Another master of Redis may have an earlier time. */
  boolean isDue(long now, long revalidateMillis) {
    return realmKnows && revalidateMillis > 0 && Math.abs(now - checkedAt) >= revalidateMillis;
  }

  byte[] encode() {
    return LoginBytes.write(
        FORMAT,
        out -> {
          out.text(login);
          out.writeBoolean(realmKnows);
          out.writeLong(checkedAt);
          out.text(user.name());
          out.text(user.authType());
          out.text(nameOf(user.own()));
          out.writeInt(user.roles().size());
          for (String role : user.roles()) {
            out.text(role);
          }
        });
  }

  /**
   * What {@link #encode} wrote.
   *
   * @param login of the login
   * @param check of what was said of it later
   * @param own the user's own principal, which is noted apart: nobody's if it has another name
   * @return null if it is nothing that was written so
   */
  static @Nullable LoginRecord decode(
      @Nullable Object login, @Nullable Object check, @Nullable Object own) {
    LoginRecord first = decode(login, own);
    LoginRecord last = first == null ? null : decode(check, own);
    return first != null && last != null && last.login.equals(first.login) ? last : first;
  }

  private static @Nullable LoginRecord decode(@Nullable Object bytes, @Nullable Object own) {
    return bytes instanceof byte[]
        ? LoginBytes.read((byte[]) bytes, FORMAT, in -> read(in, own))
        : null;
  }

  private static LoginRecord read(LoginBytes.In in, @Nullable Object own) throws IOException {
    String login = in.text();
    boolean realmKnows = in.readBoolean();
    long checkedAt = in.readLong();
    String name = in.text();
    String authType = in.textOrNull();
    String nameOfOwn = in.textOrNull();
    List<String> roles = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      roles.add(in.text());
    }
    Principal noted = own instanceof Principal ? (Principal) own : null;
    boolean isHis = nameOfOwn != null && nameOfOwn.equals(nameOf(noted));
    LoginUser user = new LoginUser(name, authType, roles, isHis ? noted : null);
    return new LoginRecord(login, user, realmKnows, checkedAt);
  }

  private static @Nullable String nameOf(@Nullable Principal principal) {
    return principal == null ? null : principal.getName();
  }
}
