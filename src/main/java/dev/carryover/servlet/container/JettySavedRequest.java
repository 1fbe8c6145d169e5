package dev.carryover.servlet.container;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty's form authenticator keeps of the request that was asked for before the login, as
 * bytes and back: address, method and posted form. Its bytes have a number for their format.
 */
final class JettySavedRequest {

  private static final int FORMAT = 2;
  private static final String URI = "org.eclipse.jetty.security.form_URI";
  private static final String METHOD = "org.eclipse.jetty.security.form_METHOD";
  private static final String POST = "org.eclipse.jetty.security.form_POST";

  private final Live context;
  private final Addresses addresses;

  JettySavedRequest(Live context, Addresses addresses) {
    this.context = context;
    this.addresses = addresses;
  }

  byte[] encode(Object address, @Nullable String method, @Nullable Object post) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      write(out, addresses.text(address));
      out.writeBoolean(method != null);
      write(out, method == null ? "" : method);
      List<String> fields = post == null ? List.of() : fields(post);
      out.writeInt(post == null ? -1 : fields.size());
      for (String text : fields) {
        write(out, text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("What Jetty has saved can't be read", e);
    }
    return bytes.toByteArray();
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
    Map<String, Object> kept = new LinkedHashMap<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() == FORMAT) {
        decode(in, request, kept);
      }
    } catch (IOException e) {
      return;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("What Jetty has saved can't be made", e);
    }
    kept.forEach(attributes);
  }

  private void decode(DataInputStream in, Object request, Map<String, Object> kept)
      throws IOException, ReflectiveOperationException {
    String address = read(in);
    Object present = addresses.address(request);
    boolean isSame = withoutNode(address).equals(withoutNode(addresses.text(present)));
    kept.put(URI, isSame ? present : addresses.parse(address));
    boolean hasMethod = in.readBoolean();
    String method = read(in);
    if (hasMethod) {
      kept.put(METHOD, method);
    }
    int texts = in.readInt();
    if (texts >= 0) {
      kept.put(POST, readFields(in, texts));
    }
  }

  /** Path and query of an address. */
  private static String withoutNode(String address) {
    int authority = address.indexOf("://");
    int path = authority < 0 ? 0 : address.indexOf('/', authority + 3);
    return path < 0 ? "" : address.substring(path);
  }

  private Object readFields(DataInputStream in, int texts)
      throws IOException, ReflectiveOperationException {
    Live fields =
        context.make("org.eclipse.jetty.util.Fields", new Class<?>[] {boolean.class}, true);
    for (int left = texts; left > 0; left -= 2) {
      fields.call("add", new Class<?>[] {String.class, String.class}, read(in), read(in));
    }
    return fields.get();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("Longer than what there is");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** Addresses as the form's authenticator of an environment keeps them. */
  interface Addresses {

    String text(Object address);

    Object parse(String address);

    /** The address of a request. */
    Object address(Object request);
  }
}
