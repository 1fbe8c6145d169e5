package dev.carryover.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.LoggedLines;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserAttributesTest {

  private final UserAttributes attributes = new UserAttributes("user.name");

  @Test
  void followsAPathThroughBeansAndMaps() {
    assertThat(user("user", new Bean("ann"))).isEqualTo("ann");
    assertThat(user("user", Map.of("name", "bob"))).isEqualTo("bob");
    assertThat(user("user", new Accessors(7))).isEqualTo("7");
    assertThat(user("user", new PublicField())).isEqualTo("carl");
    assertThat(user("user.name", "dora")).isEqualTo("dora");
    assertThat(user("user.name", (Principal) () -> "emil")).isEqualTo("emil");
    assertThat(new UserAttributes("a.b.c").user(List.of("a.b"), name -> Map.of("c", "x")))
        .isEqualTo("x");
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

    assertThat(user("SPRING_SECURITY_CONTEXT", context)).isEqualTo("ann");
    SecurityContext nobody = () -> null;
    assertThat(user("SPRING_SECURITY_CONTEXT", nobody)).isNull();
  }

  @Test
  void theConfiguredAttributeCountsFirst() {
    SecurityContext context = () -> () -> "ann";
    Map<String, Object> session =
        Map.of("SPRING_SECURITY_CONTEXT", context, "user", Map.of("name", "bob"));

    assertThat(attributes.user(List.of("SPRING_SECURITY_CONTEXT", "user"), session::get))
        .isEqualTo("bob");
    assertThat(attributes.user(List.of("SPRING_SECURITY_CONTEXT"), session::get)).isEqualTo("ann");
  }

  @Test
  void whatIsMissingOrThrowsOrIsNoNameTellsNobodyAndIsSaidOnceWithoutItsContent() {
    try (LoggedLines logged = LoggedLines.of(UserAttributes.class)) {
      assertThat(user("user", null)).isNull();
      assertThat(user("user", Map.of())).isNull();
      assertThat(user("user", new Bean(null))).isNull();
      assertThat(logged.lines()).isEmpty();

      for (int i = 0; i < 2; i++) {
        assertThat(user("user", new Throwing())).isNull();
        assertThat(user("user", "no bean")).isNull();
        assertThat(user("user", Map.of("name", new Bean("secret")))).isNull();
      }

      assertThat(logged.lines()).hasSize(3).noneMatch(line -> line.contains("secret"));
    }
  }

  private String user(String attribute, Object value) {
    return attributes.user(List.of(attribute), name -> value);
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
