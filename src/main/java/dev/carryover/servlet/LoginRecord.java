package dev.carryover.servlet;

import dev.carryover.servlet.container.LoginUser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A login as a session notes it: who, how, his roles, and what the realm had to say of him. Bytes
 * of our own, so that no class filter of the application's decides over logins. Immutable.
 */
final class LoginRecord {

  private static final int FORMAT = 1;

  private final LoginUser user;
  private final boolean realmKnows;
  private final long checkedAt;

  /**
   * A login.
   *
   * @param realmKnows whether the realm knew the user without his password, so that it can be asked
   *     again
   * @param checkedAt when that was, in the store's time
   */
  LoginRecord(LoginUser user, boolean realmKnows, long checkedAt) {
    this.user = user;
    this.realmKnows = realmKnows;
    this.checkedAt = checkedAt;
  }

  LoginUser user() {
    return user;
  }

  /** Whether the realm is to be asked again. */
  boolean isDue(long now, long revalidateMillis) {
    return realmKnows && revalidateMillis > 0 && now - checkedAt >= revalidateMillis;
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeBoolean(realmKnows);
      out.writeLong(checkedAt);
      write(out, user.name());
      String authType = user.authType();
      out.writeBoolean(authType != null);
      write(out, authType == null ? "" : authType);
      out.writeInt(user.roles().size());
      for (String role : user.roles()) {
        write(out, role);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * What {@link #encode} wrote.
   *
   * @param own the user's own principal, which is noted apart
   * @return null if it is nothing that was written so
   */
  static @Nullable LoginRecord decode(@Nullable Object bytes, @Nullable Object own) {
    if (!(bytes instanceof byte[])) {
      return null;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream((byte[]) bytes))) {
      return in.readByte() == FORMAT
          ? read(in, own instanceof Principal ? (Principal) own : null)
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static LoginRecord read(DataInputStream in, @Nullable Principal own) throws IOException {
    boolean realmKnows = in.readBoolean();
    long checkedAt = in.readLong();
    String name = readText(in);
    boolean hasType = in.readBoolean();
    String authType = readText(in);
    List<String> roles = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      roles.add(readText(in));
    }
    LoginUser user = new LoginUser(name, hasType ? authType : null, roles, own);
    return new LoginRecord(user, realmKnows, checkedAt);
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("Longer than what there is");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
