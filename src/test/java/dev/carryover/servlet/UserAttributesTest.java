package dev.carryover.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.LoggedLines;
import java.security.Principal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserAttributesTest {

  private final UserAttributes attributes = new UserAttributes("user.name");

  @Test
  void followsAPathThroughBeansAndMaps() {
    assertThat(attributes.user("user", new Bean("ann"))).isEqualTo("ann");
    assertThat(attributes.user("user", Map.of("name", "bob"))).isEqualTo("bob");
    assertThat(attributes.user("user", new Accessors(7))).isEqualTo("7");
    assertThat(attributes.user("user", new PublicField())).isEqualTo("carl");
    assertThat(attributes.user("user.name", "dora")).isEqualTo("dora");
    assertThat(attributes.user("user.name", (Principal) () -> "emil")).isEqualTo("emil");
    assertThat(new UserAttributes("a.b.c").user("a.b", Map.of("c", "x"))).isEqualTo("x");
  }

  @Test
  void looksAtNoOtherAttribute() {
    assertThat(attributes.include("user")).isTrue();
    assertThat(attributes.include("user.name")).isTrue();
    assertThat(attributes.include("use")).isFalse();
    assertThat(attributes.include("username")).isFalse();
    assertThat(attributes.include("SPRING_SECURITY_CONTEXT")).isTrue();
    assertThat(new UserAttributes(null).include("user")).isFalse();
  }

  @Test
  void springSecuritysContextTellsTheUser() {
    SecurityContext context = () -> () -> "ann";

    assertThat(attributes.user("SPRING_SECURITY_CONTEXT", context)).isEqualTo("ann");
    SecurityContext nobody = () -> null;
    assertThat(attributes.user("SPRING_SECURITY_CONTEXT", nobody)).isNull();
  }

  @Test
  void whatIsMissingOrThrowsOrIsNoNameTellsNobodyAndIsSaidOnceWithoutItsContent() {
    try (LoggedLines logged = LoggedLines.of(UserAttributes.class)) {
      assertThat(attributes.user("user", null)).isNull();
      assertThat(attributes.user("user", Map.of())).isNull();
      assertThat(attributes.user("user", new Bean(null))).isNull();
      assertThat(logged.lines()).isEmpty();

      for (int i = 0; i < 2; i++) {
        assertThat(attributes.user("user", new Throwing())).isNull();
        assertThat(attributes.user("user", "no bean")).isNull();
        assertThat(attributes.user("user", Map.of("name", new Bean("secret")))).isNull();
      }

      assertThat(logged.lines()).hasSize(3).noneMatch(line -> line.contains("secret"));
    }
  }

  private static final class Bean {
    private final String name;

    private Bean(String name) {
      this.name = name;
    }

    public String getName() {
      return name;
    }
  }

  private record Accessors(Integer name) {}

  public static final class PublicField {
    public final String name = "carl";
  }

  private static final class Throwing {
    public String getName() {
      throw new IllegalStateException("secret");
    }
  }

  private interface SecurityContext {
    Authentication getAuthentication();
  }

  private interface Authentication {
    String getName();
  }
}
