package io.millrace.engine.backfill;

import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says how a backfill stands, for the Web UI and for failures. */
final class BackfillDetails {

  private static final int MAX_LINES = 30;
  private static final int MAX_CAUSES = 10;

  private BackfillDetails() {}

  /** Markdown for the current details; far below the server's 20 kB. */
  static String markdown(String id, BackfillReport report) {
    return """
    ### backfill of %s  %s
    %s

    ```text
    %s
    ```
    %s%s\
    """
        .formatted(
            report.dag(),
            report.state().name().toLowerCase(Locale.ROOT),
            report.note(),
            "%d dates: %s".formatted(report.total(), report.counts()),
            lines(report),
            report.hasEnded() ? "" : commands(id));
  }

  /** What runs and what failed. */
  private static String lines(BackfillReport report) {
    String lines =
        report.dates().stream()
            .filter(BackfillDetails::matters)
            .limit(MAX_LINES)
            .map(
                date ->
                    "%s  %s  %s"
                        .formatted(
                            date.state().words(), date.runId(), date.reason().replace('`', '\'')))
            .map(String::stripTrailing)
            .collect(Collectors.joining("\n"));
    return lines.isEmpty() ? "" : "\n```text\n%s\n```\n".formatted(lines);
  }

  private static boolean matters(DateReport date) {
    return date.state() == DateState.FAILED
        || date.state() == DateState.CANCELLED
        || date.state() == DateState.RUNNING;
  }

  private static String commands(String id) {
    return """

    ```text
    millrace backfill pause|resume|cancel '%s'
    ```
    """
        .formatted(id);
  }

  /** Names the dates that failed; the report itself is in the failure's details. */
  static String failures(BackfillReport report) {
    String causes =
        report.dates().stream()
            .filter(date -> date.state() == DateState.FAILED || date.state() == DateState.CANCELLED)
            .limit(MAX_CAUSES)
            .map(
                date ->
                    "%s %s%s"
                        .formatted(
                            date.runId(),
                            date.state().words(),
                            date.reason().isEmpty() ? "" : ": " + date.reason()))
            .collect(Collectors.joining("; "));
    int bad = report.failed() + report.cancelled();
    return "%d of %d dates did not succeed: %s%s"
        .formatted(bad, report.total(), causes, bad > MAX_CAUSES ? "; …" : "");
  }
}
