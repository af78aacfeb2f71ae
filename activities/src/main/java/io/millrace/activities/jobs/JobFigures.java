package io.millrace.activities.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What Flink measures of a job now.
 *
 * @param uptimeMillis since it runs without a break; 0 while it does not
 * @param restarts since it was submitted
 * @param backPressurePercent of the operator that waits most for those after it
 * @param lag records of its topics that it has not read; -1 if no source says
 */
public record JobFigures(long uptimeMillis, int restarts, int backPressurePercent, long lag) {
  private static final int MILLIS_A_PERCENT = 10;

  static JobFigures of(FlinkHttp http, String job) {
    String path = "/jobs/" + job;
    JsonNode ofJob =
        http.get(path + "/metrics?get=uptime,numRestarts").orElse(MissingNode.getInstance());
    double backPressure = 0;
    double lag = -1;
    JsonNode graph = http.get(path).orElse(MissingNode.getInstance());
    for (JsonNode vertex : graph.path("vertices")) {
      String metrics =
          "%s/vertices/%s/subtasks/metrics".formatted(path, vertex.path("id").asText());
      backPressure =
          Math.max(
              backPressure, sum(http, metrics, List.of("backPressuredTimeMsPerSecond"), "max"));
      List<String> pending = pending(http, metrics);
      if (!pending.isEmpty()) {
        lag = Math.max(lag, 0) + sum(http, metrics, pending, "sum");
      }
    }
    boolean restarted = graph.path("timestamps").path("RESTARTING").asLong() > 0;
    int restarts = Math.max((int) value(ofJob, "numRestarts"), restarted ? 1 : 0);
    return new JobFigures(
        Math.max(0, (long) value(ofJob, "uptime")),
        restarts,
        (int) Math.round(backPressure / MILLIS_A_PERCENT),
        (long) lag);
  }

  /** Names of the metric with which sources say how much they have not read. */
  private static List<String> pending(FlinkHttp http, String metrics) {
    return http.get(metrics).orElse(MissingNode.getInstance()).findValuesAsText("id").stream()
        .filter(name -> name.endsWith(".pendingRecords"))
        .toList();
  }

  private static double sum(FlinkHttp http, String metrics, List<String> names, String over) {
    String encoded =
        String.join(
            ",", names.stream().map(n -> URLEncoder.encode(n, StandardCharsets.UTF_8)).toList());
    double sum = 0;
    JsonNode answer =
        http.get("%s?get=%s&agg=%s".formatted(metrics, encoded, over))
            .orElse(MissingNode.getInstance());
    for (JsonNode metric : answer) {
      sum += metric.path(over).asDouble();
    }
    return sum;
  }

  private static double value(JsonNode metrics, String name) {
    for (JsonNode metric : metrics) {
      if (metric.path("id").asText().equals(name)) {
        return metric.path("value").asDouble();
      }
    }
    return 0;
  }
}
