package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be told of a backfill with no server anywhere. */
class BackfillCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  /** It could not say which dates have a run already. */
  @Test
  void aDryRunNeedsTheServer() {
    assertThat(create("2026-03-01T22:00:00Z", "2026-03-02T00:30:00Z", "--dry-run"))
        .isEqualTo(ExitCode.UNREACHABLE);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("127.0.0.1:1 does not answer");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-02, 2026-03-01, --dry-run, it must not end at",
    "yesterday,  2026-03-01, --dry-run, --from-date 'yesterday' is no time",
    "2026-02-30, 2026-03-01, --dry-run, --from-date '2026-02-30' is no time",
    "2026-03-01, 2026-03-02, --max-active-runs=0, 'maxActiveRuns must be 1 to 500, not 0'",
    "2026-03-01, 2026-03-02, --params=[1], --params must be a JSON object",
    "2026-03-01, 2026-03-02, --reprocess=some, some",
    "2026-03-01T00:01:00Z, 2026-03-01T00:02:00Z, --dry-run, has no time from",
    "2001-01-01, 2026-01-01, --dry-run, more than 100000 times",
  })
  void whatMakesNoSenseIsAUsageError(String from, String to, String option, String message) {
    assertThat(create(from, to, option)).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anUnknownDagIsNamed() {
    assertThat(
            millrace(
                "backfill", "create", "data", "--from-date=2026-01-01", "--to-date=2026-01-02"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("there is no DAG 'data'; did you mean 'data_pipeline'? There are data_pipeline");
  }

  private int create(String from, String to, String... more) {
    String[] arguments = new String[more.length + 5];
    System.arraycopy(more, 0, arguments, 5, more.length);
    arguments[0] = "backfill";
    arguments[1] = "create";
    arguments[2] = "data_pipeline";
    arguments[3] = "--from-date=" + from;
    arguments[4] = "--to-date=" + to;
    return millrace(arguments);
  }

  private int millrace(String... arguments) {
    Console console =
        new Console(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            80,
            Map.of("TEMPORAL_ADDRESS", "127.0.0.1:1", "TEMPORAL_RPC_TIMEOUT", "300ms"),
            folder,
            folder);
    return Millrace.commandLine(console).execute(arguments);
  }
}
