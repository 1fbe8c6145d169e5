package dev.carryover.servlet.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty's form authenticator keeps of the request that was asked for before the login, as
 * bytes and back: address, method and posted form.
 */
final class JettySavedRequest {

  private static final int FORMAT = 3;
  private static final String URI = "org.eclipse.jetty.security.form_URI";
  private static final String METHOD = "org.eclipse.jetty.security.form_METHOD";
  private static final String POST = "org.eclipse.jetty.security.form_POST";

  /** By which names a session has them. */
  static final List<String> ATTRIBUTES = List.of(URI, METHOD, POST);

  private final Live context;
  private final Addresses addresses;

  JettySavedRequest(Live context, Addresses addresses) {
    this.context = context;
    this.addresses = addresses;
  }

  byte[] encode(Object address, @Nullable String method, @Nullable Object post) {
    return LoginBytes.write(
        FORMAT,
        out -> {
          out.text(addresses.text(address));
          out.text(method);
          List<String> fields = post == null ? List.of() : fields(post);
          out.writeInt(post == null ? -1 : fields.size());
          for (String text : fields) {
            out.text(text);
          }
        });
  }

  /** Names and values in turn. */
  private static List<String> fields(Object post) throws ReflectiveOperationException {
    List<String> fields = new ArrayList<>();
    for (Object each : Live.of(post).elements()) {
      Live field = Live.of(each);
      for (Object value : field.call("getValues").elements()) {
        fields.add((String) field.call("getName").get());
        fields.add((String) value);
      }
    }
    return fields;
  }

  /**
   * Gives what was kept, as attributes of a session; nothing if the bytes are of another format, or
   * damaged.
   *
   * @param request the present one; its address is that of the kept one if they differ in nothing
   *     but the node
   */
  void decode(byte[] bytes, Object request, BiConsumer<String, Object> attributes) {
    Map<String, Object> kept = LoginBytes.read(bytes, FORMAT, in -> read(in, request));
    if (kept != null) {
      kept.forEach(attributes);
    }
  }

  private Map<String, Object> read(LoginBytes.In in, Object request)
      throws IOException, ReflectiveOperationException {
    Map<String, Object> kept = new LinkedHashMap<>();
    String address = in.text();
    Object present = addresses.address(request);
    boolean isSame = withoutNode(address).equals(withoutNode(addresses.text(present)));
    kept.put(URI, isSame ? present : addresses.parse(address));
    String method = in.textOrNull();
    if (method != null) {
      kept.put(METHOD, method);
    }
    int texts = in.readInt();
    if (texts >= 0) {
      kept.put(POST, readFields(in, texts));
    }
    return kept;
  }

  /** Path and query of an address. */
  private static String withoutNode(String address) {
    int authority = address.indexOf("://");
    int path = authority < 0 ? 0 : address.indexOf('/', authority + 3);
    return path < 0 ? "" : address.substring(path);
  }

  private Object readFields(LoginBytes.In in, int texts)
      throws IOException, ReflectiveOperationException {
    Live fields =
        context.make("org.eclipse.jetty.util.Fields", new Class<?>[] {boolean.class}, true);
    for (int left = texts; left > 0; left -= 2) {
      fields.call("add", new Class<?>[] {String.class, String.class}, in.text(), in.text());
    }
    return fields.get();
  }

  /** Addresses as the form's authenticator of an environment keeps them. */
  interface Addresses {

    String text(Object address);

    Object parse(String address);

    /** The address of a request. */
    Object address(Object request);
  }
}
