package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunReport.RunState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GridTest {

  private static final Instant DATE = Instant.parse("2026-11-21T05:00:00Z");

  @Test
  void showsEachTaskInOneLineOfFixedWidth() {
    TaskReport done =
        new TaskReport(
            "ingest", NodeState.SUCCESS, null, DATE, Duration.ofMillis(1_234), "3/3", "12 rows");
    TaskReport failed =
        new TaskReport(
            "check_bronze",
            NodeState.FAILED,
            3,
            DATE,
            Duration.ofSeconds(65),
            "",
            "0.07 > `0.05`\nof price");

    assertThat(Grid.markdown(report(List.of(done, failed))))
        .isEqualTo(
            """
            ### mill  running
            logical date 2026-11-21T05:00:00Z

            ```text
            ✓ ingest        12 rows                 3/3    1.2 s     success
            ✗ check_bronze  0.07 > '0.05' of price  try 3  1 m 05 s  failed
            ```
            What a task logged: `millrace runs logs 'mill-1' check_bronze`

            params
            ```json
            {
              "sacks" : 3
            }
            ```
            """);
  }

  @Test
  void whatATaskDidIsBrokenWhereTheWebUiWouldCutIt() {
    TaskReport done =
        new TaskReport(
            "load_dimensions_and_facts",
            NodeState.SUCCESS,
            null,
            DATE,
            Duration.ofSeconds(1),
            "",
            "18,029 facts on 1 days; 3,064 users, 200 products, 12 categories");

    assertThat(Grid.table(report(List.of(done))))
        .isEqualTo(
            """
            ✓ load_dimensions_and_facts  18,029 facts on 1 days; 3,064       1.0 s  success
                                         users, 200 products, 12 categories
            """);
  }

  @Test
  void aWaitingGateShowsHowToAnswerIt() {
    TaskReport gate =
        new TaskReport(
            "promote",
            NodeState.AWAITING_INPUT,
            null,
            DATE,
            null,
            "",
            "waiting for one of yes, no");

    assertThat(Grid.markdown(report(List.of(gate))))
        .contains("**promote** is waiting for one of yes, no: send the update `answer`, or")
        .contains(
            """
            temporal workflow update execute --workflow-id 'mill-1' --name answer \\
              --input '{"gate":"promote","option":"...","by":"..."}'
            """);
  }

  @Test
  void aWaitingEventShowsHowToSendIt() {
    TaskReport event =
        new TaskReport(
            "landed", NodeState.AWAITING_INPUT, null, DATE, null, "", Event.WAITING + "landed");

    assertThat(Grid.markdown(report(List.of(event))))
        .contains(
            """
            temporal workflow signal --workflow-id 'mill-1' --name event \\
              --input '{"name":"landed","payload":{}}'
            """);
  }

  @Test
  void ofManyTasksShowsTheCountsAndThoseThatMatter() {
    List<TaskReport> many =
        IntStream.range(0, 500)
            .mapToObj(
                i ->
                    new TaskReport(
                        "t" + i,
                        i == 7 ? NodeState.FAILED : i < 300 ? NodeState.SUCCESS : NodeState.NONE,
                        null,
                        DATE,
                        null,
                        "",
                        ""))
            .toList();

    assertThat(Grid.table(report(many)))
        .isEqualTo("· 200 none   ✓ 299 success   ✗ 1 failed\n✗ t7  failed\n");
  }

  @Test
  void staysBelowTheServersLimit() {
    List<TaskReport> many =
        IntStream.range(0, 2_000)
            .mapToObj(
                i ->
                    new TaskReport(
                        "t" + i, NodeState.FAILED, null, null, null, "", "…".repeat(300)))
            .toList();

    String grid = Grid.markdown(report(many));

    assertThat(grid.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(20_000);
    assertThat(grid).contains("… and more");
  }

  @Test
  void tellsWhatPeopleDidTheLatestFirst() {
    RunReport run =
        new RunReport(
            "mill",
            "mill-1",
            RunState.HELD,
            DATE,
            DATE,
            "{}",
            List.of(),
            List.of(
                new Operation(DATE, "hold the run", "ana", ""),
                new Operation(DATE.plusSeconds(60), "clear load", "bo", "fixed")),
            null);

    assertThat(Grid.markdown(run))
        .contains(
            """
            - 2026-11-21T05:01:00Z **clear load** by bo: fixed
            - 2026-11-21T05:00:00Z **hold the run** by ana\
            """);
  }

  private static RunReport report(List<TaskReport> tasks) {
    return new RunReport(
        "mill", "mill-1", RunState.RUNNING, DATE, DATE, "{\"sacks\":3}", tasks, List.of(), null);
  }
}
