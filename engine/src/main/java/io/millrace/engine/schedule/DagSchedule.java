package io.millrace.engine.schedule;

import java.time.Duration;
import java.time.ZoneId;
import java.util.regex.Pattern;

/**
 * When a DAG runs.
 *
 * <p>At most one run is active; a run that comes due meanwhile starts when that one has ended, and
 * further ones are dropped. The run's workflow id is {@code <dag>-<nominal UTC time>}.
 *
 * @param dag the DAG's name, also the id of its Temporal Schedule
 * @param cron five fields, or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}
 * @param zone the time zone of the cron fields; UTC has no daylight-saving surprises
 * @param catchupWindow after an outage, missed runs that are not older than this still start; one
 *     interval is Airflow's {@code catchup=False}, a year its {@code catchup=True}
 */
public record DagSchedule(String dag, String cron, ZoneId zone, Duration catchupWindow) {

  private static final Pattern PRESET = Pattern.compile("@(hourly|daily|weekly|monthly|yearly)");
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(10);

  public DagSchedule {
    if (!PRESET.matcher(cron).matches()) {
      requireFiveFields(dag, cron);
    }
    if (catchupWindow.compareTo(SHORTEST_WINDOW) < 0) {
      throw new IllegalArgumentException(
          "Schedule of %s: catchupWindow %s is below the server's least, %s"
              .formatted(dag, catchupWindow, SHORTEST_WINDOW));
    }
  }

  private static void requireFiveFields(String dag, String cron) {
    String[] fields = cron.trim().split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "Schedule of %s: cron '%s' has %d fields, it needs 5"
              .formatted(dag, cron, fields.length));
    }
    if (!fields[2].equals("*") && !fields[4].equals("*")) {
      throw new IllegalArgumentException(
          "Schedule of %s: cron '%s' sets day of month and day of week; Temporal takes both together, cron either: set one"
              .formatted(dag, cron));
    }
  }

  /** Every hour in UTC, as Airflow's {@code @hourly} without catch-up. */
  public static DagSchedule hourly(String dag) {
    return new DagSchedule(dag, "@hourly", ZoneId.of("UTC"), Duration.ofHours(1));
  }

  /** Every week in UTC, as Airflow's {@code @weekly} without catch-up. */
  public static DagSchedule weekly(String dag) {
    return new DagSchedule(dag, "@weekly", ZoneId.of("UTC"), Duration.ofDays(7));
  }

  /** The declaration in one line; two schedules are the same if and only if their lines are. */
  String spec() {
    return "%s zone=%s catchup=%s".formatted(cron, zone, catchupWindow);
  }
}
