package io.millrace.stack;

import io.millrace.stack.install.Cache;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the stack is set up.
 *
 * @param home the checkout, whose modules' {@code target} folders hold the Java servers
 * @param state where data, logs and pid files are kept: {@code .millrace}
 * @param cache where downloads are kept
 * @param ports every port's number
 * @param s3Server which object store
 * @param durability of PostgreSQL
 * @param searchAttributes registered with Temporal
 * @param startTimeout how long every process may take at least to become ready
 */
public record StackConfig(
    Path home,
    Path state,
    Cache cache,
    Map<Port, Integer> ports,
    S3Server s3Server,
    Durability durability,
    List<SearchAttribute> searchAttributes,
    Duration startTimeout) {

  /** With the times for starts that suit each server. */
  public StackConfig(
      Path home,
      Path state,
      Cache cache,
      Map<Port, Integer> ports,
      S3Server s3Server,
      Durability durability,
      List<SearchAttribute> searchAttributes) {
    this(home, state, cache, ports, s3Server, durability, searchAttributes, Duration.ZERO);
  }

  /**
   * Makes the paths absolute, fills in standard ports, and rejects numbers that are no port or
   * given twice.
   */
  public StackConfig {
    home = home.toAbsolutePath().normalize();
    state = state.toAbsolutePath().normalize();
    Map<Port, Integer> all = new EnumMap<>(Port.class);
    for (Port port : Port.values()) {
      ListenPort valid = new ListenPort(port.setting(), ports.getOrDefault(port, port.standard()));
      all.forEach(
          (other, number) -> {
            if (number == valid.number()) {
              throw new StackException(
                  "ports.%s and ports.%s are both %d: each needs its own."
                      .formatted(other.setting(), port.setting(), number));
            }
          });
      all.put(port, valid.number());
    }
    ports = Map.copyOf(all);
    searchAttributes = List.copyOf(searchAttributes);
  }

  /**
   * Reads the configuration.
   *
   * @param settings keys {@code ports.NAME} (see {@link Port#setting}), {@code stack.s3} and {@code
   *     stack.start-timeout}; others are ignored
   * @param environment {@code MILLRACE_NAME_PORT}, {@code MILLRACE_S3}, {@code
   *     MILLRACE_START_TIMEOUT}, {@code MILLRACE_HOME}, {@code MILLRACE_CACHE}; goes before the
   *     settings
   * @throws StackException naming the setting that cannot be
   */
  public static StackConfig of(Map<String, String> settings, Map<String, String> environment) {
    Map<Port, Integer> ports = new EnumMap<>(Port.class);
    for (Port port : Port.values()) {
      String given = given(port, settings, environment);
      if (!given.isEmpty()) {
        ports.put(port, number("ports." + port.setting(), given));
      }
    }
    String s3 = environment.getOrDefault("MILLRACE_S3", settings.getOrDefault("stack.s3", ""));
    Path home = Homes.checkout(environment);
    return new StackConfig(
        home,
        Homes.state(environment),
        Cache.of(environment),
        ports,
        s3.isBlank() ? S3Server.SEAWEEDFS : s3Server(s3),
        Durability.DURABLE,
        SearchAttribute.STANDARD,
        StartTimeout.of(
            environment.getOrDefault(
                "MILLRACE_START_TIMEOUT", settings.getOrDefault(StartTimeout.SETTING, ""))));
  }

  /** For a test: free ports, relaxed durability, state in the given folder. */
  static StackConfig forTests(Path state, S3Server s3Server, List<SearchAttribute> attributes) {
    Iterator<Integer> free = Ports.free(Port.values().length).iterator();
    Map<Port, Integer> ports = new EnumMap<>(Port.class);
    for (Port port : Port.values()) {
      ports.put(port, free.next());
    }
    Map<String, String> environment = System.getenv();
    return new StackConfig(
        Homes.checkout(environment),
        state,
        Cache.of(environment),
        ports,
        s3Server,
        Durability.RELAXED,
        attributes);
  }

  /** The number of a port. */
  public int port(Port port) {
    return ports.getOrDefault(port, port.standard());
  }

  /** All ports of a component, as a process listens on them. */
  public List<ListenPort> listenPorts(Component component) {
    return Port.of(component).stream()
        .map(port -> new ListenPort(port.setting(), port(port)))
        .toList();
  }

  /** Where a component keeps its data. */
  public Path data(Component component) {
    return state.resolve("data").resolve(component.id());
  }

  /** What is given for a port; empty if nothing is. */
  static String given(Port port, Map<String, String> settings, Map<String, String> environment) {
    String inFile = settings.getOrDefault("ports." + port.setting(), "");
    return environment.getOrDefault(port.variable(), inFile).strip();
  }

  private static int number(String key, String given) {
    try {
      return Integer.parseInt(given);
    } catch (NumberFormatException e) {
      throw new StackException(
          key + " is \"" + given + "\": a port is a number from 1 to 65535.", e);
    }
  }

  private static S3Server s3Server(String given) {
    try {
      return S3Server.valueOf(given.strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new StackException(
          "stack.s3 is \"" + given + "\": choose seaweedfs or minio (MILLRACE_S3).", e);
    }
  }
}
