package io.millrace.workers.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.activities.features.OnlineVerification;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {

  @Test
  void countsThatAddUpRaiseNoObjection() {
    DemoRun run =
        run(new Counts(120, 108, 12, 7, 108, 12), new Tables(107, 100, 100, 100, 1, 0), 0);

    assertThat(new DemoReport(run).disagreements()).isEmpty();
  }

  @Test
  void everyPlaceWhereRowsCouldGoMissingIsChecked() {
    DemoRun run = run(new Counts(120, 107, 12, 7, 106, 11), new Tables(100, 99, 98, 97, 1, 0), 2);

    assertThat(new DemoReport(run).disagreements())
        .containsExactly(
            "this run: produced 100 != valid + invalid 99",
            "all runs: raw messages 120 != valid + invalid 119",
            "valid messages 107 != lines in the lake 106",
            "invalid messages 12 != lines in the lake 11",
            "valid lines in the lake 106 != bronze rows + quarantined lines 101",
            "distinct events in bronze 99 != silver rows 98",
            "silver rows 98 != fact rows 97",
            "online features 50 != equal to the warehouse's 48");
  }

  private static DemoRun run(Counts after, Tables tables, long missing) {
    DemoRun run = new DemoRun();
    run.before = new Counts(20, 18, 2, 1, 18, 2);
    run.tablesBefore = new Tables(18, 18, 18, 18, 0, 0);
    run.produced = 100;
    run.after = after;
    run.tablesAfter = tables;
    run.online = new OnlineVerification.Report(50, 45 - missing, missing, 0, 0, 5, -1, List.of());
    return run;
  }
}
