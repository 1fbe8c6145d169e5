package dev.carryover.servlet.container;

import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.Charset;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Name and password in each request, see RFC 7617. */
final class BasicLogin implements LoginMethod {

  private static final String SCHEME = "Basic ";

  private final String realmName;
  private final Charset charset;
  private final boolean isForEachRequest;

  /**
   * Basic authentication.
   *
   * @param charset of names and passwords in this container
   * @param isForEachRequest whether this container keeps nobody in a session who has logged in so,
   *     and looks at passwords also where no user is needed; if not, both is otherwise
   */
  BasicLogin(String realmName, Charset charset, boolean isForEachRequest) {
    this.realmName = realmName;
    this.charset = charset;
    this.isForEachRequest = isForEachRequest;
  }

  @Override
  public String name() {
    return LoginConfig.BASIC;
  }

  @Override
  public boolean hasDetour() {
    return false;
  }

  @Override
  public void find(LoginExchange exchange) {
    if (exchange.user() != null) {
      return;
    }
    String[] sent =
        exchange.isMandatory() || isForEachRequest
            ? credentials(exchange.request().getHeader("Authorization"))
            : null;
    LoginUser user = sent == null ? null : exchange.check(sent[0], sent[1], name());
    if (user != null && establish(exchange, user)) {
      return;
    }
    if (exchange.isMandatory()) {
      exchange.answer(
          (request, response) -> {
            response.setHeader("WWW-Authenticate", SCHEME + "realm=\"" + realmName + '"');
            response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
          });
    }
  }

  private boolean establish(LoginExchange exchange, LoginUser user) {
    return isForEachRequest ? exchange.establishUnnoted(user) : exchange.establish(user);
  }

  /** Name and password; null if there are none. */
  private String @Nullable [] credentials(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      String text = new String(decoded, charset);
      int colon = text.indexOf(':');
      return colon < 0 ? null : new String[] {text.substring(0, colon), text.substring(colon + 1)};
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
