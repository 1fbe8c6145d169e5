package dev.carryover.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/** The Lua script of all operations; see the comments in its parts. */
final class Script {

  private final String source;
  private final String sha1;

  Script() {
    StringBuilder text = new StringBuilder(read("prelude"));
    text.append("setmetatable(shared, {__index = function(_, name)\nsetmetatable(shared, nil)\n");
    text.append(read("seldom")).append("return shared[name]\nend})\n");
    text.append("local function operation(number)\n");
    for (Operation operation : Operation.values()) {
      text.append("if number == ").append(operation.number).append(" then return function()\n");
      text.append(read(operation.toString())).append("end end\n");
    }
    source = text.append("end\n").append(read("flight")).toString();
    sha1 = sha1(source);
  }

  /** What a flight's passengers can ask for, each in a file of its own. */
  enum Operation {
    OPEN(1, true),
    LOOK(2, true),
    LOAD(3, true),
    TOUCH(4, false),
    CREATE(5, true),
    COMMIT(6, true),
    END(7, true),
    CLAIM(8, true),
    FINISH(9, false),
    RESEAL(10, false),
    DESCRIBE(11, true),
    SCAN(12, true);

    /** By which the script knows it. */
    final byte number;

    private final boolean waitedFor;

    Operation(int number, boolean waitedFor) {
      this.number = (byte) number;
      this.waitedFor = waitedFor;
    }

    /** True if it does what must not be lost once it is answered. */
    boolean changes() {
      return this == CREATE || this == COMMIT || this == END;
    }

    /** True if somebody waits for the answer, and gives it up when it takes too long. */
    boolean isWaitedFor() {
      return waitedFor;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  String source() {
    return source;
  }

  /** The name by which Redis keeps it once it has seen the source. */
  String sha1() {
    return sha1;
  }

  private static String read(String name) {
    String file = name + ".lua";
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
