package dev.carryover.config;

import static dev.carryover.config.ConfigKey.ENVIRONMENT_PREFIX;
import static dev.carryover.config.ConfigKey.PREFIX;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One place that configuration is read from, with the values found there: a copy, taken when the
 * source is made. Immutable.
 *
 * <p>The factories stand here in the order of strength that {@link SessionConfig#from} is meant to
 * get: whoever starts the JVM overrules whoever built the WAR.
 */
public final class ConfigSource {
  private final String name;
  private final Spelling spelling;
  private final Map<ConfigKey, String> given = new EnumMap<>(ConfigKey.class);
  private final Map<ConfigKey, Setting> settings = new EnumMap<>(ConfigKey.class);
  private final Map<String, String> unknown = new TreeMap<>();

  private ConfigSource(String name, Spelling spelling, Map<String, String> values) {
    this.name = name;
    this.spelling = spelling;
    new TreeMap<>(values).forEach(this::add);
  }

  /** What somebody has typed, {@code redis.url}. All of it is ours. */
  public static ConfigSource commandLine(Map<String, String> options) {
    return new ConfigSource("command line", Spelling.PREFIX_OPTIONAL, options);
  }

  /**
   * The system properties, {@code carryover.redis.url}. Others than those starting with {@code
   * carryover.} are none of our business.
   */
  public static ConfigSource systemProperties(Properties properties) {
    return new ConfigSource("system property", Spelling.PREFIXED, strings(properties));
  }

  /**
   * The environment, {@code CARRYOVER_REDIS_URL}. Ignored are the variables that do not start with
   * {@code CARRYOVER_}, and those that Kubernetes injects for a service whose name starts with
   * {@code carryover}.
   */
  public static ConfigSource environment(Map<String, String> variables) {
    return new ConfigSource("environment", Spelling.ENVIRONMENT, variables);
  }

  /**
   * The init parameters of our filter, {@code redis.url}; the prefix {@code carryover.} is
   * tolerated. All of them are ours.
   *
   * @throws ConfigException if a key is given both with and without prefix
   */
  public static ConfigSource initParams(Map<String, String> params) {
    return new ConfigSource("init-param of the filter", Spelling.PREFIX_OPTIONAL, params);
  }

  /**
   * The context parameters, {@code carryover.redis.url}. Others than those starting with {@code
   * carryover.} are none of our business.
   */
  public static ConfigSource contextParams(Map<String, String> params) {
    return new ConfigSource("context-param of web.xml", Spelling.PREFIXED, params);
  }

  /**
   * What {@code WEB-INF/carryover.properties} says, with or without the prefix {@code carryover.}.
   * All of it is ours.
   *
   * @throws ConfigException if a key is given both with and without prefix
   */
  public static ConfigSource propertiesFile(Properties properties) {
    return new ConfigSource(
        "WEB-INF/carryover.properties", Spelling.PREFIX_OPTIONAL, strings(properties));
  }

  private static Map<String, String> strings(Properties properties) {
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(Function.identity(), properties::getProperty));
  }

  private void add(String givenName, String text) {
    Optional<ConfigKey> key = spelling.find(givenName);
    if (key.isPresent()) {
      add(key.get(), givenName, text);
    } else if (spelling.claims(givenName)) {
      unknown.put(givenName, text);
    }
  }

  private void add(ConfigKey key, String givenName, String text) {
    String earlier = given.put(key, givenName);
    if (earlier != null) {
      throw new ConfigException(
          String.format("%s is given twice (%s): as %s and %s", key, name, earlier, givenName));
    }
    settings.put(key, new Setting(key, text, origin(key.fullName(), givenName)));
  }

  private String origin(String fullName, String givenName) {
    return fullName.equals(givenName) || spelling != Spelling.ENVIRONMENT
        ? name
        : name + " " + givenName;
  }

  /** What is given here for some keys, and for no others. */
  public ConfigSource of(Set<ConfigKey> keys) {
    ConfigSource some = new ConfigSource(name, spelling, Map.of());
    some.settings.putAll(settings);
    some.settings.keySet().retainAll(keys);
    return some;
  }

  /** What is given here for a key. */
  Optional<Setting> find(ConfigKey key) {
    return Optional.ofNullable(settings.get(key));
  }

  /**
   * Refuses unknown names.
   *
   * @throws ConfigException if there is one; suggests the key that was probably meant
   */
  void requireAllKnown() {
    if (!unknown.isEmpty()) {
      throw unknownKey(unknown.keySet().iterator().next());
    }
  }

  private ConfigException unknownKey(String givenName) {
    String shortName = spelling.shortName(givenName);
    String fullName = PREFIX + shortName;
    String hint =
        ConfigKey.nearest(shortName)
            .map(key -> "did you mean " + key + "?")
            .orElseGet(() -> "known are " + knownKeys());
    return new ConfigException(
        "unknown key "
            + fullName
            + " = \""
            + Setting.shown(fullName, unknown.getOrDefault(givenName, ""))
            + "\" ("
            + origin(fullName, givenName)
            + "): "
            + hint);
  }

  private static String knownKeys() {
    return Stream.of(ConfigKey.values()).map(ConfigKey::fullName).collect(Collectors.joining(", "));
  }

  /** The source's name and its keys; no values. */
  @Override
  public String toString() {
    return name + " " + settings.keySet();
  }

  /** How a source spells keys, and which names in it are meant for us. */
  private enum Spelling {
    PREFIXED {
      @Override
      List<String> of(ConfigKey key) {
        return List.of(key.fullName());
      }

      @Override
      boolean claims(String name) {
        return name.startsWith(PREFIX);
      }
    },
    PREFIX_OPTIONAL {
      @Override
      List<String> of(ConfigKey key) {
        return List.of(key.shortName(), key.fullName());
      }

      @Override
      boolean claims(String name) {
        return true;
      }
    },
    ENVIRONMENT {
      @Override
      List<String> of(ConfigKey key) {
        return List.of(key.environmentName());
      }

      @Override
      boolean claims(String name) {
        return name.startsWith(ENVIRONMENT_PREFIX) && !KUBERNETES.matcher(name).matches();
      }

      @Override
      String shortName(String name) {
        return name.substring(ENVIRONMENT_PREFIX.length())
            .toLowerCase(Locale.ROOT)
            .replace('_', '.');
      }
    };

    /** See "Discovering services" in Kubernetes' documentation. */
    private static final Pattern KUBERNETES =
        Pattern.compile(
            ENVIRONMENT_PREFIX
                + "(?:.+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_.+)?"
                + "|PORT(?:_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)");

    abstract List<String> of(ConfigKey key);

    abstract boolean claims(String name);

    String shortName(String name) {
      return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }

    Optional<ConfigKey> find(String name) {
      return Stream.of(ConfigKey.values()).filter(key -> of(key).contains(name)).findFirst();
    }
  }
}
