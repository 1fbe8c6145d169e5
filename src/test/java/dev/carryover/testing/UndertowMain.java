package dev.carryover.testing;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;

/** The program of an {@link UndertowProcess}: an {@link UndertowNode} that runs for itself. */
public final class UndertowMain {

  static final String LISTENING = "undertow listens at port ";

  private UndertowMain() {}

  /**
   * Starts it.
   *
   * @param arguments the file with its settings
   */
  public static void main(String[] arguments) throws Exception {
    Properties settings = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(arguments[0]))) {
      settings.load(in);
    }
    WebContainer.Builder builder =
        WebContainer.Kind.UNDERTOW
            .node(Path.of(settings.getProperty("war")))
            .contextPath(settings.getProperty("contextPath"))
            .port(Integer.parseInt(settings.getProperty("port")));
    for (String key : settings.stringPropertyNames()) {
      String value = settings.getProperty(key);
      if (key.startsWith("param.")) {
        builder.contextParam(key.substring("param.".length()), value);
      } else if (key.startsWith("user.")) {
        String[] words = value.split(",");
        builder.user(
            key.substring("user.".length()), words[0], Arrays.copyOfRange(words, 1, words.length));
      }
    }
    try {
      System.out.println(LISTENING + builder.start().port());
    } catch (RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }
}
