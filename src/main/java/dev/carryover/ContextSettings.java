package dev.carryover;

import dev.carryover.config.ConfigKey;
import dev.carryover.config.ConfigSource;
import dev.carryover.config.SessionConfig;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a web application's configuration is written: reads all those places. */
final class ContextSettings {

  private static final String PROPERTIES = "/WEB-INF/carryover.properties";

  private ContextSettings() {}

  /**
   * The configuration of a web application.
   *
   * @param initParams of the filter's declaration; empty if it has none
   * @throws dev.carryover.config.ConfigException if there is anything wrong with it
   */
  static SessionConfig read(ServletContext context, Map<String, String> initParams) {
    return SessionConfig.from(
        List.of(
            ConfigSource.systemProperties(System.getProperties()),
            ConfigSource.environment(System.getenv()),
            ConfigSource.initParams(initParams),
            ConfigSource.contextParams(
                values(
                    Collections.list(context.getInitParameterNames()), context::getInitParameter)),
            ConfigSource.propertiesFile(properties(context))));
  }

  /**
   * The text of the configured Redisson file: in the web application, on its class path, or in the
   * file system, the first that is there.
   *
   * @throws dev.carryover.config.ConfigException if it is in none of them
   */
  static String redissonYaml(ServletContext context, SessionConfig config, String path) {
    try (InputStream in = find(context, path)) {
      if (in == null) {
        throw config.refuse(
            ConfigKey.REDISSON_CONFIG,
            "expected a file in WEB-INF, on the class path or in the file system");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The values of the web application's attributes. */
  static List<Object> attributes(ServletContext context) {
    return Collections.list(context.getAttributeNames()).stream()
        .map(context::getAttribute)
        .collect(Collectors.toList());
  }

  static Map<String, String> values(Iterable<String> names, UnaryOperator<String> value) {
    Map<String, String> values = new LinkedHashMap<>();
    names.forEach(name -> values.put(name, value.apply(name)));
    return values;
  }

  private static @Nullable InputStream find(ServletContext context, String path)
      throws IOException {
    String absolute = path.startsWith("/") ? path : '/' + path;
    InputStream inWar = context.getResourceAsStream(absolute);
    if (inWar == null && !path.startsWith("/WEB-INF")) {
      inWar = context.getResourceAsStream("/WEB-INF" + absolute);
    }
    if (inWar != null) {
      return inWar;
    }
    InputStream onClassPath = context.getClassLoader().getResourceAsStream(path);
    if (onClassPath != null) {
      return onClassPath;
    }
    Path file = Path.of(path);
    return Files.isRegularFile(file) ? Files.newInputStream(file) : null;
  }

  private static Properties properties(ServletContext context) {
    Properties properties = new Properties();
    try (InputStream in = context.getResourceAsStream(PROPERTIES)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + PROPERTIES, e);
    }
    return properties;
  }
}
