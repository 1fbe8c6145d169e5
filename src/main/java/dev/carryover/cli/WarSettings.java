package dev.carryover.cli;

import dev.carryover.config.ConfigKey;
import dev.carryover.config.ConfigSource;
import dev.carryover.config.SessionConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The configuration as a web application would read it, with the places that it has on disk. */
final class WarSettings {

  private final @Nullable WebApp app;

  /** Those of a web application; null for none. */
  WarSettings(@Nullable WebApp app) {
    this.app = app;
  }

  /**
   * Reads them.
   *
   * @param options what was typed; overrules all others
   * @throws dev.carryover.config.ConfigException if there is anything wrong with them
   */
  SessionConfig read(
      Properties system, Map<String, String> environment, Map<String, String> options)
      throws IOException {
    List<ConfigSource> sources = new ArrayList<>();
    sources.add(ConfigSource.systemProperties(system));
    sources.add(ConfigSource.environment(environment));
    if (app != null) {
      sources.addAll(ofWebXml(WebXml.of(app)));
      sources.add(ConfigSource.propertiesFile(properties(app)));
    }
    SessionConfig.Builder config = SessionConfig.from(sources).toBuilder();
    if (options.containsKey("redis.url")) {
      config.reset(ConfigKey.REDISSON_CONFIG);
    }
    return config.set(ConfigSource.commandLine(options)).build();
  }

  /** What web.xml has of them. */
  static List<ConfigSource> ofWebXml(Optional<WebXml> webXml) {
    return List.of(
        ConfigSource.initParams(webXml.map(WebXml::ourInitParams).orElse(Map.of())),
        ConfigSource.contextParams(webXml.map(WebXml::contextParams).orElse(Map.of())));
  }

  private static Properties properties(WebApp app) throws IOException {
    Properties properties = new Properties();
    if (app.has(Installation.PROPERTIES)) {
      try {
        properties.load(new ByteArrayInputStream(app.read(Installation.PROPERTIES)));
      } catch (IllegalArgumentException e) {
        throw new UserError(Installation.PROPERTIES + " can't be read: " + e.getMessage(), e);
      }
    }
    return properties;
  }

  /** The text of the configured Redisson file. */
  String redissonYaml(SessionConfig config, String path) throws IOException {
    if (app != null) {
      String relative = path.startsWith("/") ? path.substring(1) : path;
      Optional<String> found =
          Stream.of(relative, "WEB-INF/" + relative, "WEB-INF/classes/" + relative)
              .filter(app::has)
              .findFirst();
      if (found.isPresent()) {
        return new String(app.read(found.get()), StandardCharsets.UTF_8);
      }
    }
    Path file = Path.of(path);
    if (!Files.isRegularFile(file)) {
      throw config.refuse(
          ConfigKey.REDISSON_CONFIG,
          "expected a file in WEB-INF, in its classes or in the file system");
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
