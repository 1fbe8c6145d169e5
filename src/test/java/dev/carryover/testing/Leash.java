package dev.carryover.testing;

import java.io.IOException;
import java.util.Arrays;

/**
 * Runs another class's main method in a process that ends with the one that started it: when its
 * standard input does. Has no dependencies, so that it can be alone on a class path.
 */
public final class Leash {

  private Leash() {}

  /**
   * Runs it.
   *
   * @param arguments the class, then its arguments
   */
  public static void main(String[] arguments) throws Exception {
    Thread end = new Thread(Leash::endWithInput, "leash");
    end.setDaemon(true);
    end.start();
    Class.forName(arguments[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  private static void endWithInput() {
    try {
      while (System.in.read() >= 0) {
        // Whatever it says, it is still there.
      }
    } catch (IOException e) {
      // It is gone.
    }
    Runtime.getRuntime().halt(1);
  }
}
