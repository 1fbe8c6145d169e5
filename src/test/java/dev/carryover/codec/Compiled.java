package dev.carryover.codec;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Classes compiled in the test, which only the loader returned can see. */
final class Compiled {

  private Compiled() {}

  static ClassLoader loader(Path directory, Map<String, String> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = directory.resolve(source.getKey().replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
      int result =
          compiler.run(
              null,
              null,
              System.err,
              List.of("-proc:none", "-cp", directory.toString(), file.toString())
                  .toArray(new String[0]));
      if (result != 0) {
        throw new IllegalStateException("does not compile: " + source.getKey());
      }
    }
    return new URLClassLoader(
        new URL[] {directory.toUri().toURL()}, Compiled.class.getClassLoader());
  }
}
