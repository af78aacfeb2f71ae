package io.millrace.flink;

import io.millrace.core.events.UnavailableValue;
import io.millrace.core.features.OnlineKey;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/** Texts by key, and their conversion with messages that name key, value and remedy. */
final class Settings {
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("s3.region", "us-east-1"),
          Map.entry("features.online-ttl", OnlineKey.DEFAULT_TTL.toSeconds() + "s"),
          Map.entry("cdc.unavailable-value", UnavailableValue.STANDARD.text()),
          Map.entry("flink.rest-port", "8081"),
          Map.entry("flink.rest-token", ""),
          Map.entry("flink.metrics-port", "9249"),
          Map.entry("flink.replace-timeout", "5m"),
          Map.entry("flink.slots", "10"),
          Map.entry("flink.work-dir", "flink-work"),
          Map.entry("flink.jobs", String.join(",", Jobs.ALL)),
          Map.entry("flink.checkpoint-interval", "500ms"),
          Map.entry("flink.lake-checkpoint-interval", "10s"),
          Map.entry("flink.idle-checkpoint-interval", "20s"),
          Map.entry("flink.features-checkpoint-interval", "5s"),
          Map.entry("flink.session-ttl", "1d"),
          Map.entry("flink.sales-checkpoint-interval", "5s"),
          Map.entry("flink.topic-partitions", "4"),
          Map.entry("flink.start-timeout", "2m"),
          Map.entry(
              "flink.validation-topics",
              "tracking\\.raw_user_behavior(\\..+)?|tracking_postgres_cdc\\.public\\.events(_.+)?"),
          Map.entry("flink.topic-discovery-interval", "30s"),
          Map.entry("flink.lateness", "10m"),
          Map.entry("flink.alert-window", "1m"),
          Map.entry("flink.alert-least", "50"),
          Map.entry("flink.alert-factor", "3"),
          Map.entry("flink.alert-cooldown", "5m"));

  /** Keys under our prefixes that are for others. */
  private static final List<String> FOR_OTHERS = List.of("flink.rest-url", "flink.jar");

  private static final List<String> WITHOUT_DEFAULT =
      List.of("kafka.bootstrap-servers", "s3.endpoint", "s3.access-key", "s3.secret-key");

  private final Map<String, String> values;
  private final Map<String, String> environment;
  private final String origin;

  Settings(Map<String, String> values, Map<String, String> environment, String origin) {
    this.values = values;
    this.environment = environment;
    this.origin = origin;
  }

  void refuseUnknown() {
    for (String key : values.keySet().stream().sorted().toList()) {
      boolean ours = key.startsWith("flink.");
      if (ours && !FOR_OTHERS.contains(key) && known().noneMatch(key::equals)) {
        String nearest = known().min(Comparator.comparingInt(k -> distance(key, k))).orElseThrow();
        throw new ConfigException(
            "Unknown key %s in %s: did you mean %s?".formatted(key, origin, nearest));
      }
    }
  }

  private static Stream<String> known() {
    return Stream.concat(DEFAULTS.keySet().stream(), WITHOUT_DEFAULT.stream()).sorted();
  }

  String text(String key) {
    String value = find(key);
    if (value == null || value.isBlank()) {
      throw new ConfigException(
          "%s is not set: add it to %s or set %s".formatted(key, origin, variable(key)));
    }
    return value.strip();
  }

  String textOrEmpty(String key) {
    String value = find(key);
    return value == null ? "" : value.strip();
  }

  private @Nullable String find(String key) {
    String fromEnvironment = environment.get(variable(key));
    if (fromEnvironment != null) {
      return fromEnvironment;
    }
    return values.getOrDefault(key, DEFAULTS.get(key));
  }

  int number(String key, int min, int max) {
    String value = text(key);
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The message below covers it.
    }
    throw wrong(key, value, "a whole number from %d to %d".formatted(min, max));
  }

  Duration duration(String key, Duration min) {
    String value = text(key);
    try {
      Duration duration = TimeUtils.parseDuration(value);
      if (duration.compareTo(min) >= 0) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      // The message below covers it.
    }
    throw wrong(key, value, "a duration such as 3s or 2m, at least " + min.toMillis() + "ms");
  }

  String url(String key) {
    String value = text(key);
    try {
      URI uri = URI.create(value);
      if (List.of("http", "https").contains(uri.getScheme()) && uri.getHost() != null) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      // The message below covers it.
    }
    throw wrong(key, value, "an address such as http://127.0.0.1:9000");
  }

  List<String> oneOrMore(String key, List<String> allowed) {
    String value = text(key);
    List<String> chosen =
        Arrays.stream(value.split(",", -1)).map(String::strip).distinct().toList();
    if (!allowed.containsAll(chosen)) {
      throw wrong(key, value, "one or more of " + String.join(",", allowed));
    }
    return chosen;
  }

  /** A pattern of topics to read, among which must be none that the reader itself writes. */
  String topicPattern(String key, Set<String> written) {
    String value = text(key);
    try {
      Pattern pattern = Pattern.compile(value);
      Optional<String> loop =
          written.stream().filter(topic -> pattern.matcher(topic).matches()).sorted().findFirst();
      if (loop.isEmpty()) {
        return value;
      }
      throw wrong(key, value, "a pattern that does not match our own output, as " + loop.get());
    } catch (PatternSyntaxException e) {
      throw wrong(key, value, "a regular expression (%s)".formatted(e.getDescription()));
    }
  }

  private ConfigException wrong(String key, String value, String wanted) {
    return new ConfigException(
        "%s is %s, but must be %s: change it in %s".formatted(key, value, wanted, origin));
  }

  static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
