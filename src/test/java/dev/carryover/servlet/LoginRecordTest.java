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
    LoginUser user = LoginRecord.decode(new LoginRecord(ANN, true, 7).encode(), null).user();

    assertThat(user.name()).isEqualTo("änn");
    assertThat(user.authType()).isEqualTo("FORM");
    assertThat(user.roles()).containsExactly("customer", "", "ädmin");
    assertThat(user.own()).isNull();
  }

  @Test
  void mayHaveNoTypeAndAPrincipalOfItsOwn() {
    Principal own = () -> "somebody";
    LoginUser user = new LoginUser("ann", null, List.of(), own);

    LoginUser read = LoginRecord.decode(new LoginRecord(user, true, 7).encode(), own).user();

    assertThat(read.authType()).isNull();
    assertThat(read.roles()).isEmpty();
    assertThat(read.own()).isSameAs(own);
  }

  @Test
  void isDueAfterItsTimeIfTheRealmCanTell() {
    LoginRecord known = LoginRecord.decode(new LoginRecord(ANN, true, 1000).encode(), null);
    LoginRecord unknown = LoginRecord.decode(new LoginRecord(ANN, false, 1000).encode(), null);

    assertThat(known.isDue(1499, 500)).isFalse();
    assertThat(known.isDue(1500, 500)).isTrue();
    assertThat(known.isDue(Long.MAX_VALUE, 0)).as("never").isFalse();
    assertThat(unknown.isDue(Long.MAX_VALUE, 500)).isFalse();
  }

  @Test
  void isNothingIfItIsDamaged() {
    byte[] written = new LoginRecord(ANN, true, 7).encode();
    for (int length = 0; length < written.length; length++) {
      assertThat(LoginRecord.decode(Arrays.copyOf(written, length), null))
          .as("%d bytes", length)
          .isNull();
    }
    byte[] otherFormat = written.clone();
    otherFormat[0]++;
    assertThat(LoginRecord.decode(otherFormat, null)).isNull();
    assertThat(LoginRecord.decode("root", null)).isNull();
    assertThat(LoginRecord.decode(null, null)).isNull();
  }

  @Test
  void namesNobodyInLogs() {
    assertThat(ANN.toString()).isEqualTo("LoginUser{by FORM, 3 roles}");
  }
}
