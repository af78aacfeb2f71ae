package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.activities.streaming.ReplaySummary;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplayReportTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void addsUpToTheLinesOfTheFileAndCountsTheRemarksThatItDoesNotShow() {
    assertThat(print(summary(3, 3, null), false)).isEqualTo(ExitCode.FAILED);

    assertThat(out.toString())
        .contains("92 messages in topic in 2.0 s (46 a second)")
        .contains("90  event", "2  malformed_line", "4  blank lines", "3  refused", "1  header")
        .contains("100  in all");
    assertThat(err.toString()).contains("note: x.csv line 7: odd", "note: and 480 more");
  }

  @Test
  void isAFailureIfAnythingOfTheInputIsNowhere() {
    assertThat(print(summary(0, 0, null), false)).isEqualTo(ExitCode.OK);
    // Refused, but made bad on purpose.
    assertThat(print(summary(3, 0, null), false)).isEqualTo(ExitCode.OK);
    assertThat(print(summary(3, 1, null), false)).isEqualTo(ExitCode.FAILED);
    assertThat(print(summary(0, 0, "x.csv breaks off"), false)).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("millrace: x.csv breaks off; what came before was sent");
  }

  @Test
  void printsTheSameAsJson() {
    assertThat(print(summary(3, 3, null), true)).isEqualTo(ExitCode.FAILED);

    assertThat(out.toString())
        .contains("\"lines\" : 100", "\"header_lines\" : 1", "\"refused_lines\" : 3")
        .contains("\"more_remarks\" : 480", "\"complete\" : false");
  }

  private int print(ReplaySummary summary, boolean json) {
    Console console =
        new Console(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            80,
            Map.of(),
            Path.of("."),
            Path.of("."));
    return ReplayReport.print(console, summary, json, "messages", "topic");
  }

  private static ReplaySummary summary(long refused, long undelivered, @Nullable String brokenOff) {
    return new ReplaySummary(
        100,
        1,
        92,
        Map.of("event", 90L, "malformed_line", 2L),
        4,
        refused,
        undelivered,
        1_000,
        Duration.ofSeconds(2),
        List.of("x.csv line 7: odd"),
        480,
        brokenOff);
  }
}
