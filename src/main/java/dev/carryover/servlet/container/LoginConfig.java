package dev.carryover.servlet.container;

import org.jspecify.annotations.Nullable;

/** How a web application has its users log in, as its descriptors say. Immutable. */
final class LoginConfig {

  static final String FORM = "FORM";
  static final String BASIC = "BASIC";

  private final String method;
  private final String realmName;
  private final String loginPage;
  private final String errorPage;

  /** What a descriptor says; null for what it does not. */
  LoginConfig(
      @Nullable String method,
      @Nullable String realmName,
      @Nullable String loginPage,
      @Nullable String errorPage) {
    this.method = method == null ? "" : method;
    this.realmName = realmName == null ? "" : realmName;
    this.loginPage = loginPage == null ? "" : loginPage;
    this.errorPage = errorPage == null ? "" : errorPage;
  }

  String method() {
    return method;
  }

  boolean isForm() {
    return method.equalsIgnoreCase(FORM) && !loginPage.isEmpty() && !errorPage.isEmpty();
  }

  boolean isBasic() {
    return method.equalsIgnoreCase(BASIC);
  }

  /** Empty if it has none. */
  String realmName() {
    return realmName;
  }

  String loginPage() {
    return loginPage;
  }

  String errorPage() {
    return errorPage;
  }
}
