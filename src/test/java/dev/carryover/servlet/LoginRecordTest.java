package dev.carryover.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.servlet.container.LoginUser;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A login, as a session notes it. */
class LoginRecordTest {

  private static final LoginUser ANN =
      new LoginUser("änn", "FORM", List.of("customer", "", "ädmin"), null);

  @Test
  void isReadAsItWasWritten() {
    LoginUser user = decode(new LoginRecord(ANN, true, 7)).user();

    assertThat(user.name()).isEqualTo("änn");
    assertThat(user.authType()).isEqualTo("FORM");
    assertThat(user.roles()).containsExactly("customer", "", "ädmin");
    assertThat(user.own()).isNull();
  }

  @Test
  void mayHaveNoTypeAndAPrincipalOfItsOwn() {
    Principal own = () -> "somebody";
    LoginUser user = new LoginUser("ann", null, List.of(), own);

    LoginUser read = LoginRecord.decode(new LoginRecord(user, true, 7).encode(), null, own).user();

    assertThat(read.authType()).isNull();
    assertThat(read.roles()).isEmpty();
    assertThat(read.own()).isSameAs(own);
  }

  @Test
  void isDueAfterItsTimeIfTheRealmCanTell() {
    LoginRecord known = decode(new LoginRecord(ANN, true, 1000));
    LoginRecord unknown = decode(new LoginRecord(ANN, false, 1000));

    assertThat(known.isDue(1499, 500)).isFalse();
    assertThat(known.isDue(1500, 500)).isTrue();
    assertThat(known.isDue(Long.MAX_VALUE, 0)).as("never").isFalse();
    assertThat(unknown.isDue(Long.MAX_VALUE, 500)).isFalse();
  }

  /** Another master of Redis may have an earlier time. */
  @Test
  void isDueIfItWasCheckedLongFromNow() {
    assertThat(new LoginRecord(ANN, true, 1000).isDue(501, 500)).isFalse();
    assertThat(new LoginRecord(ANN, true, 1000).isDue(500, 500)).isTrue();
  }

  @Test
  void isAsTheRealmHasSaidLast() {
    LoginRecord login = new LoginRecord(ANN, true, 7);
    LoginUser less = new LoginUser("änn", "FORM", List.of("customer"), null);
    byte[] check = login.checked(less, 500).encode();

    LoginRecord read = LoginRecord.decode(login.encode(), check, null);

    assertThat(read.user().roles()).containsExactly("customer");
    assertThat(read.isDue(999, 500)).isFalse();
    assertThat(read.isDue(1000, 500)).isTrue();
  }

  @Test
  void knowsNothingOfWhatWasSaidOfAnotherLogin() {
    byte[] earlier = new LoginRecord(ANN, true, 7).checked(ANN, 500).encode();
    byte[] login = new LoginRecord(new LoginUser("bob", "FORM", List.of(), null), true, 7).encode();

    assertThat(LoginRecord.decode(login, earlier, null).user().name()).isEqualTo("bob");
    assertThat(LoginRecord.decode(null, earlier, null)).isNull();
  }

  @Test
  void leavesOutAPrincipalThatIsSomebodyElses() {
    byte[] login =
        new LoginRecord(new LoginUser("ann", null, List.of(), () -> "ann"), true, 7).encode();

    assertThat(LoginRecord.decode(login, null, (Principal) () -> "root").user().own()).isNull();
    assertThat(LoginRecord.decode(login, null, "ann").user().own()).isNull();
    byte[] noOwn = new LoginRecord(ANN, true, 7).encode();
    assertThat(LoginRecord.decode(noOwn, null, (Principal) () -> "root").user().own()).isNull();
  }

  @Test
  void isNothingIfItIsDamaged() {
    byte[] written = new LoginRecord(ANN, true, 7).encode();
    for (int length = 0; length < written.length; length++) {
      assertThat(LoginRecord.decode(Arrays.copyOf(written, length), null, null))
          .as("%d bytes", length)
          .isNull();
    }
    byte[] otherFormat = written.clone();
    otherFormat[0]++;
    assertThat(LoginRecord.decode(otherFormat, null, null)).isNull();
    assertThat(LoginRecord.decode("root", null, null)).isNull();
    assertThat(LoginRecord.decode(null, null, null)).isNull();
  }

  private static LoginRecord decode(LoginRecord login) {
    return LoginRecord.decode(login.encode(), null, null);
  }

  @Test
  void namesNobodyInLogs() {
    assertThat(ANN.toString()).isEqualTo("LoginUser{by FORM, 3 roles}");
  }
}
