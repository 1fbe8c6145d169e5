package dev.carryover.servlet.container;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * One question of the container's to our module: who the user of a request is. Nothing is sent to
 * the client before the answer is known and saved. Used by one thread.
 */
final class LoginExchange implements LoginHook.Decision {

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final boolean isMandatory;
  private final LoginMethod method;
  private final Realm realm;
  private final LoginHook hook;

  private @Nullable LoginUser user;
  private @Nullable Principal principal;
  private @Nullable SavedPage page;
  private @Nullable Answer answer;
  private boolean isAnswered;

  LoginExchange(
      HttpServletRequest request,
      HttpServletResponse response,
      boolean isMandatory,
      LoginMethod method,
      Realm realm,
      LoginHook hook) {
    this.request = request;
    this.response = response;
    this.isMandatory = isMandatory;
    this.method = method;
    this.realm = realm;
    this.hook = hook;
  }

  HttpServletRequest request() {
    return request;
  }

  HttpServletResponse response() {
    return response;
  }

  /** Whether nobody may have what the request wants without having logged in. */
  boolean isMandatory() {
    return isMandatory;
  }

  // ---- the user

  @Nullable LoginUser user() {
    return user;
  }

  /** An object for him that is another one after each login. */
  @Nullable Principal principal() {
    return principal;
  }

  /** He is to be noted, but is not the container's user of this request. */
  void user(@Nullable LoginUser found) {
    user = found;
    principal = found == null ? null : new Named(found.name());
  }

  /** Asks the container's realm; null if it is not his password. */
  @Nullable LoginUser check(String name, String password, String authType) {
    return realm.check(name, password, authType);
  }

  /** Whether the container's realm knows a user of such a name. */
  boolean knows(String name) {
    return realm.knows(name);
  }

  /** As {@link #establish}, but for this request alone: nothing is noted of it. */
  boolean establishUnnoted(LoginUser found) {
    return realm.establish(found);
  }

  /** Has the container take him for the user of this request; false if its realm refuses. */
  boolean establish(LoginUser found) {
    boolean isKnown = realm.establish(found);
    user(isKnown ? found : null);
    return isKnown;
  }

  // ---- the page that was asked for first

  @Nullable SavedPage page() {
    return page;
  }

  void page(@Nullable SavedPage known) {
    page = known;
  }

  void keepPage(FormLogin.Traits traits) throws IOException {
    page = SavedPage.of(request, traits.keepsEmpty());
  }

  /** The request before its body was read to be kept. */
  HttpServletRequest asPosted() {
    SavedPage kept = page;
    return kept == null || !kept.hasMoreThanAddress()
        ? request
        : new SavedPageRequest(request, kept);
  }

  /** Where to send a user who has logged in. */
  String pageToGoTo() {
    SavedPage kept = page;
    if (kept == null) {
      return request.getContextPath() + '/';
    }
    if (!kept.hasMoreThanAddress()) {
      page = null;
    }
    return kept.address();
  }

  /** If it is this one, the chain sees it as it was asked for: if its user may ask for it so. */
  void restorePage(FormLogin.Traits traits) {
    SavedPage kept = page;
    if (kept != null && kept.isAskedForBy(request)) {
      page = null;
      if (kept.hasMoreThanAddress() && traits.decideAs(request, kept.method())) {
        realm.passOn(new SavedPageRequest(request, kept));
      }
    }
  }

  // ---- the answer

  /** An address with the session's id in it, if that is how the client has to be told. */
  String encoded(String address) {
    return hook.redirects(request, address);
  }

  void answer(Answer given) {
    answer = given;
  }

  /** Whether the client has an answer, so that the request goes no further. */
  boolean isAnswered() {
    return isAnswered;
  }

  @Override
  public void find() throws IOException {
    method.find(this);
  }

  @Override
  public void answer() throws IOException, ServletException {
    Answer given = answer;
    if (given != null) {
      isAnswered = true;
      given.send(request, response);
    }
  }

  @Override
  public boolean goesOn() {
    return answer == null && !isAnswered;
  }

  @Override
  public void refuse(int status) throws IOException {
    isAnswered = true;
    response.sendError(status);
  }

  /** Sends something to the client. */
  interface Answer {
    void send(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException;
  }

  /** The container's realm, as a module may ask it within one exchange. */
  interface Realm {

    /** Null if that is not the user's password. */
    @Nullable LoginUser check(String name, String password, String authType);

    /**
     * Whether it knows a user of such a name.
     *
     * @throws RuntimeException if it can't be asked now
     */
    boolean knows(String name);

    /** Has the container take someone for the user of the request; false if it refuses. */
    boolean establish(LoginUser user);

    /** Has the chain see another request. */
    void passOn(HttpServletRequest request);
  }

  /** Knows nothing but a name, and is equal to no other. */
  private static final class Named implements Principal {
    private final String name;

    private Named(String name) {
      this.name = name;
    }

    @Override
    public String getName() {
      return name;
    }
  }
}
