package dev.carryover.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/** The Lua scripts, one an operation; see the comment in each file. */
enum Script {
  OPEN,
  LOOK,
  LOAD,
  TOUCH,
  CREATE,
  COMMIT,
  END,
  CLAIM,
  FINISH,
  RESEAL;

  private final String source;
  private final String sha1;

  Script() {
    source = read("prelude.lua") + read(name().toLowerCase(Locale.ROOT) + ".lua");
    sha1 = sha1(source);
  }

  String source() {
    return source;
  }

  /** The name by which Redis keeps it once it has seen the source. */
  String sha1() {
    return sha1;
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("The jar is incomplete: " + file + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      StringBuilder hex = new StringBuilder();
      for (byte b : digest) {
        hex.append(String.format(Locale.ROOT, "%02x", b));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-1", e);
    }
  }
}
