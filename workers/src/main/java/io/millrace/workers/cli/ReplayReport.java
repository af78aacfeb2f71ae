package io.millrace.workers.cli;

import io.millrace.activities.streaming.ReplaySummary;
import java.util.Locale;

/** What a replay did, as its command prints it. */
final class ReplayReport {
  private final Console console;
  private final ReplaySummary summary;

  private ReplayReport(Console console, ReplaySummary summary) {
    this.console = console;
    this.summary = summary;
  }

  /**
   * Prints a summary and what was odd, and gives the exit code.
   *
   * @param units what arrived: messages or new rows
   * @param place where
   */
  static int print(
      Console console, ReplaySummary summary, boolean json, String units, String place) {
    ReplayReport report = new ReplayReport(console, summary);
    if (json) {
      Json.print(console, summary);
    } else {
      report.counts(units, place);
    }
    report.remarks();
    return summary.isComplete() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void counts(String units, String place) {
    double seconds = Math.max(1e-3, summary.elapsed().toMillis() / 1e3);
    console
        .out()
        .printf(
            Locale.ROOT,
            "%,d %s in %s in %.1f s (%,.0f a second)%n",
            summary.produced(),
            units,
            place,
            seconds,
            summary.produced() / seconds);
    summary.kinds().forEach(this::count);
    count("blank lines, not sent", summary.blankLines());
    count("refused, not sent", summary.refusedLines());
    count("header", summary.headerLines());
    console.out().printf(Locale.ROOT, "  %,10d  in all%n", summary.lines());
  }

  private void count(String what, long count) {
    if (count > 0) {
      console.out().printf(Locale.ROOT, "  %,10d  %s%n", count, what);
    }
  }

  private void remarks() {
    summary.remarks().forEach(remark -> console.err().println("note: " + remark));
    if (summary.moreRemarks() > 0) {
      console.err().printf(Locale.ROOT, "note: and %,d more%n", summary.moreRemarks());
    }
    if (summary.brokenOff() != null) {
      console.err().println("millrace: " + summary.brokenOff() + "; what came before was sent");
    }
  }
}
