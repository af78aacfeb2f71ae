package io.millrace.workers.config;

import io.millrace.stack.ChosenPorts;
import io.millrace.stack.StackException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * The settings in force.
 *
 * <p>From weakest to strongest: the defaults, {@code .millrace/endpoints.properties} as {@code
 * millrace up} writes it, the ports of the local servers that the user has chosen, {@code
 * millrace.properties} in the working folder, the Temporal profile that {@code TEMPORAL_PROFILE} or
 * {@code TEMPORAL_CONFIG_FILE} chooses, the environment. A name that nobody knows is refused: see
 * {@link SettingsCheck}.
 */
public final class Settings {
  private static final Pattern DURATION = Pattern.compile("([0-9]+)(ms|s|m|h)");
  private static final Pattern SOURCE_NAME =
      Pattern.compile("PropertiesConfigSource\\[source=(.*)]");
  private static final int DEFAULTS = 0;
  private static final int ENDPOINTS = 100;
  private static final int PORTS = 150;
  private static final int FILE = 200;
  private static final int PROFILE = 250;
  private static final int ENVIRONMENT = 300;

  private final SmallRyeConfig config;
  private final Map<String, String> local;
  private final TemporalProfile temporalProfile;

  private Settings(
      SmallRyeConfig config, Map<String, String> local, TemporalProfile temporalProfile) {
    this.config = config;
    this.temporalProfile = temporalProfile;
    this.local = Map.copyOf(local);
  }

  /**
   * A setting as it stands.
   *
   * @param key which
   * @param shown its value, masked if it is secret; empty if it is not set
   * @param source where it comes from
   */
  public record Entry(ConfigKey key, String shown, String source) {}

  /**
   * Reads the files that exist and the environment.
   *
   * @param dataDirectory the {@code .millrace} folder
   * @param workingDirectory where {@code millrace.properties} may lie
   * @throws ConfigException if a name is unknown
   */
  public static Settings load(
      Path dataDirectory, Path workingDirectory, Map<String, String> environment) {
    Path endpoints = dataDirectory.resolve("endpoints.properties");
    Path file = workingDirectory.resolve("millrace.properties");
    Map<String, String> fromEndpoints = read(endpoints);
    Map<String, String> fromFile = read(file);
    SettingsCheck.file(endpoints, fromEndpoints);
    SettingsCheck.file(file, fromFile);
    SettingsCheck.environment(environment);
    TemporalProfile profile = TemporalProfile.load(environment);
    return new Settings(
        new SmallRyeConfigBuilder()
            .withSources(
                new PropertiesConfigSource(defaults(), "default", DEFAULTS),
                new PropertiesConfigSource(fromEndpoints, endpoints.toString(), ENDPOINTS),
                new PropertiesConfigSource(
                    chosenPorts(dataDirectory, fromFile, environment), "chosen ports", PORTS),
                new PropertiesConfigSource(fromFile, file.toString(), FILE),
                new PropertiesConfigSource(profile.settings(), "temporal.toml", PROFILE),
                new EnvConfigSource(withTemporalNames(environment), ENVIRONMENT))
            .build(),
        LocalKeys.in(fromFile),
        profile);
  }

  /**
   * The keys of the local servers, as their own module reads them, from {@code
   * millrace.properties}.
   */
  public Map<String, String> local() {
    return local;
  }

  /** Every setting that Millrace knows, in the order of the features. */
  public List<Entry> entries() {
    return MillraceConfig.KEYS.stream().map(this::entry).toList();
  }

  TemporalProfile temporalProfile() {
    return temporalProfile;
  }

  String text(String name) {
    @Nullable String value = value(name);
    if (value == null) {
      throw missing(name);
    }
    return value.strip();
  }

  /** A value that may be left out. */
  Optional<String> find(String name) {
    return Optional.ofNullable(value(name)).map(String::strip).filter(text -> !text.isEmpty());
  }

  Secret secret(String name) {
    return new Secret(text(name));
  }

  <E extends Enum<E>> E oneOf(String name, Class<E> type) {
    String text = text(name);
    for (E value : type.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    throw new ConfigException(
        name
            + " must be one of "
            + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)
            + ", but is '"
            + text
            + "'");
  }

  int integer(String name) {
    String text = text(name);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new ConfigException(name + " must be a whole number, but is '" + text + "'");
    }
  }

  URI uri(String name) {
    String text = text(name);
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new ConfigException(name + " must be an address, but is not: " + e.getReason());
    }
  }

  /** Reads {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h} or ISO 8601's {@code PT10S}. */
  Duration duration(String name) {
    String text = text(name);
    Matcher simple = DURATION.matcher(text);
    try {
      if (!simple.matches()) {
        return Duration.parse(text);
      }
      long amount = Long.parseLong(simple.group(1));
      return switch (simple.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        default -> Duration.ofHours(amount);
      };
    } catch (DateTimeParseException | NumberFormatException e) {
      throw new ConfigException(name + " must be a time like 10s or 5m, but is '" + text + "'");
    }
  }

  private @Nullable String value(String name) {
    return config.getConfigValue(name).getValue();
  }

  private Entry entry(ConfigKey key) {
    ConfigValue value = config.getConfigValue(key.name());
    @Nullable String text = value.getValue();
    if (text == null) {
      return new Entry(key, "", "not set");
    }
    return new Entry(key, key.secret() ? Secret.MASK : text, source(value));
  }

  private static String source(ConfigValue value) {
    if (value.getSourceOrdinal() == ENVIRONMENT) {
      return "environment";
    }
    Matcher named = SOURCE_NAME.matcher(value.getSourceName());
    return named.matches() ? named.group(1) : value.getSourceName();
  }

  private static ConfigException missing(String name) {
    String variable =
        MillraceConfig.KEYS.stream()
            .filter(key -> key.name().equals(name))
            .map(ConfigKey::environmentName)
            .findFirst()
            .orElse(name);
    return new ConfigException(
        name
            + " is not set: start the local servers with `millrace up`, or set it in"
            + " millrace.properties or as "
            + variable);
  }

  private static Map<String, String> chosenPorts(
      Path dataDirectory, Map<String, String> file, Map<String, String> environment) {
    try {
      return ChosenPorts.settings(dataDirectory, LocalKeys.in(file), environment);
    } catch (StackException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new HashMap<>();
    for (ConfigKey key : MillraceConfig.KEYS) {
      if (key.defaultValue() != null) {
        defaults.put(key.name(), key.defaultValue());
      }
    }
    return defaults;
  }

  private static Map<String, String> withTemporalNames(Map<String, String> environment) {
    Map<String, String> variables = new HashMap<>(environment);
    @Nullable String address = environment.get("TEMPORAL_ADDRESS");
    if (address != null) {
      variables.putIfAbsent("TEMPORAL_TARGET", address);
    }
    return variables;
  }

  private static Map<String, String> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the settings in " + file, e);
    }
    Map<String, String> values = new HashMap<>();
    properties.forEach((key, value) -> values.put(key.toString(), value.toString()));
    return values;
  }
}
