package dev.carryover.cli;

import dev.carryover.config.ConfigKey;
import dev.carryover.config.SessionConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which sessions a command is about: the options that say so, and the way to their Redis. */
final class Target {

  @Option(
      names = "--redis-url",
      paramLabel = "<url>",
      description = "Where Redis is; overrules all else.")
  private @Nullable String redisUrl;

  @Option(
      names = "--namespace",
      paramLabel = "<name>",
      description = "The application's: its context path without the slash, ROOT for none.")
  private @Nullable String namespace;

  /** The configuration, with what the options say. */
  SessionConfig config(WarSettings settings) throws IOException {
    Map<String, String> options = new HashMap<>();
    if (redisUrl != null) {
      options.put("redis.url", redisUrl);
    }
    if (namespace != null) {
      options.put("namespace", namespace);
    }
    return settings.read(System.getProperties(), System.getenv(), options);
  }

  /** What is at the URL, or where the configured Redisson file leads. */
  static <T> T open(
      WarSettings settings, SessionConfig config, Supplier<T> byUrl, Function<String, T> byYaml)
      throws IOException {
    Optional<String> file = config.redissonConfig();
    if (file.isEmpty()) {
      return byUrl.get();
    }
    try {
      return byYaml.apply(settings.redissonYaml(config, file.get()));
    } catch (IllegalArgumentException e) {
      throw config.refuse(ConfigKey.REDISSON_CONFIG, "expected " + e.getMessage());
    }
  }
}
