package io.millrace.engine.logs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys of logs, as Airflow's {@code log_filename_template} has them: {@code
 * dag_id=D/run_id=R/task_id=T/[map_index=I/]scheduled=S/attempt=N.log}. The time makes the tries
 * after a clear, a reset or another run of the same id files of their own.
 */
final class LogKeys {

  private static final String END = ".log";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:+-]");

  private LogKeys() {}

  static String of(TaskTry tried) {
    return "%stask_id=%s/%sscheduled=%s/attempt=%d%s"
        .formatted(
            run(tried.dag(), tried.run()),
            encode(tried.task()),
            tried.item() == null ? "" : "map_index=" + encode(tried.item()) + "/",
            TIME.format(tried.scheduledAt()),
            tried.attempt(),
            END);
  }

  /** What the keys of a run begin with. */
  static String run(String dag, String run) {
    return "dag_id=%s/run_id=%s/".formatted(encode(dag), encode(run));
  }

  /** What the keys of a task in a run begin with. */
  static String task(String dag, String run, @Nullable String task) {
    return run(dag, run) + (task == null ? "" : "task_id=" + encode(task) + "/");
  }

  /** The try of a key; empty if it is none of ours. */
  static Optional<TaskTry> parse(String key) {
    if (!key.endsWith(END)) {
      return Optional.empty();
    }
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : key.substring(0, key.length() - END.length()).split("/", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        return Optional.empty();
      }
      parts.put(part.substring(0, equals), decode(part.substring(equals + 1)));
    }
    String dag = parts.get("dag_id");
    String run = parts.get("run_id");
    String task = parts.get("task_id");
    String scheduled = parts.get("scheduled");
    String attempt = parts.get("attempt");
    if (dag == null || run == null || task == null || scheduled == null || attempt == null) {
      return Optional.empty();
    }
    return Optional.of(
        new TaskTry(
            dag,
            run,
            task,
            parts.get("map_index"),
            TIME.parse(scheduled, Instant::from),
            Integer.parseInt(attempt)));
  }

  /** No slash and no percent sign: some stores decode keys once more than they should. */
  private static String encode(String text) {
    StringBuilder key = new StringBuilder();
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      String letter = String.valueOf((char) (one & 0xff));
      key.append(PLAIN.matcher(letter).matches() ? letter : "~%02X".formatted(one & 0xff));
    }
    return key.toString();
  }

  private static String decode(String text) {
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      boolean coded = text.charAt(i) == '~' && i + 2 < text.length();
      bytes[length++] =
          (byte) (coded ? Integer.parseInt(text.substring(i + 1, i + 3), 16) : text.charAt(i));
      i += coded ? 2 : 0;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
