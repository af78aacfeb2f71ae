package io.millrace.workers.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code deploy/compose/compose.yaml} as it is written. */
record ComposeFile(String text, Map<String, Service> services) {
  static final Path FOLDER = Path.of("../deploy/compose");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_0-9]+)(?::([-?])([^}]*))?}");

  /** One of the services. */
  record Service(String name, Map<String, Object> fields) {
    String text(String field) {
      return String.valueOf(Objects.requireNonNull(fields.get(field), name + " has no " + field));
    }

    boolean has(String field) {
      return fields.containsKey(field);
    }

    List<String> list(String field) {
      return ((List<?>) Objects.requireNonNull(fields.get(field), name + "." + field))
          .stream().map(String::valueOf).toList();
    }

    Map<String, Object> map(String field) {
      return asMap(fields.getOrDefault(field, Map.of()));
    }

    /** Values as they are written. */
    Map<String, String> environment() {
      Map<String, String> values = new LinkedHashMap<>();
      map("environment").forEach((key, value) -> values.put(key, String.valueOf(value)));
      return values;
    }

    /** What it waits for, and until when. */
    Map<String, String> waitsFor() {
      Map<String, String> conditions = new LinkedHashMap<>();
      map("depends_on")
          .forEach(
              (other, how) -> conditions.put(other, String.valueOf(asMap(how).get("condition"))));
      return conditions;
    }

    String healthCheck() {
      return String.valueOf(map("healthcheck").get("test"));
    }
  }

  static ComposeFile read() throws IOException {
    String text = Files.readString(FOLDER.resolve("compose.yaml"));
    Map<String, Object> document =
        asMap(new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
    Map<String, Service> services = new LinkedHashMap<>();
    asMap(Objects.requireNonNull(document.get("services")))
        .forEach((name, fields) -> services.put(name, new Service(name, asMap(fields))));
    return new ComposeFile(text, services);
  }

  Service service(String name) {
    return Objects.requireNonNull(services.get(name), name);
  }

  /** The variables that it reads. */
  Set<String> variables() {
    return VARIABLE
        .matcher(text)
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The value as Docker fills it in, if each needed variable is {@code secret1}. */
  static String filledIn(String value) {
    return VARIABLE
        .matcher(value)
        .replaceAll(found -> "-".equals(found.group(2)) ? found.group(3) : "secret1");
  }

  /** Whether the value is a variable that must be set, or none of it is. */
  static boolean isNeededVariable(String value) {
    return VARIABLE.matcher(value).results().map(MatchResult::group).anyMatch(value::equals)
        && value.contains(":?");
  }

  private static Map<String, Object> asMap(Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((key, inner) -> map.put(String.valueOf(key), inner));
    return map;
  }
}
