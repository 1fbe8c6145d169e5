package dev.carryover.codec;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** Classes compiled in the test against the JDK alone, which only the loader returned can see. */
public final class Compiled {

  private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);");
  private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record) (\\w+)");

  private Compiled() {}

  /** Compiles the sources, by class name, and returns a loader above the test's own. */
  static ClassLoader loader(Path directory, Map<String, String> sources) throws IOException {
    return loader(directory, sources, Compiled.class.getClassLoader());
  }

  /** Compiles the sources, by class name, and returns a loader above the given one. */
  static ClassLoader loader(Path directory, Map<String, String> sources, ClassLoader parent)
      throws IOException {
    compile(directory, sources);
    return new URLClassLoader(new URL[] {directory.toUri().toURL()}, parent);
  }

  /** The sources by the names of their classes. */
  static Map<String, String> named(String... sources) {
    Map<String, String> named = new LinkedHashMap<>();
    for (String source : sources) {
      Matcher home = PACKAGE.matcher(source);
      Matcher type = TYPE.matcher(source);
      if (!home.find() || !type.find()) {
        throw new IllegalArgumentException(source);
      }
      named.put(home.group(1) + '.' + type.group(1), source);
    }
    return named;
  }

  /** Compiles the sources, by class name, into the directory. */
  public static void compile(Path directory, Map<String, String> sources) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", directory.toString(), "-cp", ""));
    Files.createDirectories(directory);
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = directory.resolve(source.getKey().replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    String[] all = arguments.toArray(new String[0]);
    if (ToolProvider.getSystemJavaCompiler().run(null, null, System.err, all) != 0) {
      throw new IllegalStateException("does not compile: " + sources.keySet());
    }
  }
}
