package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A map over what is not there skips; one over what it cannot take fails and names it. */
class MapInputTest {

  private final DagTest test = AnyDag.of(dag -> {});

  @AfterEach
  void stop() {
    test.close();
  }

  private RunReport run(Consumer<Dag> graph) {
    AnyDag.redefine(
        dag -> {
          dag.defaults(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)));
          graph.accept(dag);
        });
    return test.run(null);
  }

  @ParameterizedTest
  @EnumSource(
      value = TriggerRule.class,
      names = {"NONE_FAILED", "ALL_DONE", "ALWAYS", "ALL_SKIPPED"})
  void aMapOverASkippedListIsSkippedWhateverItsRule(TriggerRule rule) {
    test.fake(
        "list",
        args -> {
          throw TaskSkipped.because("nothing");
        });

    RunReport report =
        run(
            dag -> {
              Task<List<Integer>> list = dag.task("list", Work.class, Work::items);
              dag.map("load", list, Work.class, Work::actWith).rule(rule);
              dag.map("pairs", Handle.zip(list, list), Work.class, (w, pair) -> w.act()).rule(rule);
              dag.map("product", Handle.cross(list, list), Work.class, (w, pair) -> w.act())
                  .rule(rule);
              dag.map("batched", Handle.batches(list, 2), Work.class, Work::both).rule(rule);
            });

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(FlowTest.states(report).values()).containsOnly("skipped");
  }

  @Test
  void anItemThatIsNullFailsTheTaskAndIsNamed() {
    test.fake("list", args -> Arrays.asList(1, null, 3));

    RunReport report =
        run(
            dag -> {
              Task<List<Integer>> list = dag.task("list", Work.class, Work::items);
              dag.map("load", list, Work.class, Work::actWith).named(item -> "n" + (item + 1));
            });

    assertThat(report.task("load").detail())
        .isEqualTo("item 1 of the list that 'load' maps over is null: leave it out of the list");
    assertThat(test.calls()).containsExactly("list");
  }

  @Test
  void moreItemsThanBatchesWouldServeBetterAreRefused() {
    RunReport report =
        run(
            dag -> {
              Handle<List<Integer>> many =
                  dag.task("first", Work.class, Work::act)
                      .derive(one -> Collections.nCopies(Mapped.MAX_ITEMS + 1, one));
              dag.map("load", many, Work.class, Work::actWith);
            });

    assertThat(report.task("load").detail())
        .isEqualTo("100001 items, at most 100000: cut the list into batches with Handle.batches");
  }

  @Test
  void aLongNameIsCutSoThatTheServerTakesIt() {
    RunReport report =
        run(
            dag ->
                dag.map("load", List.of(1, 2), Work.class, Work::actWith)
                    .named(item -> "é".repeat(1_000)));

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls())
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allSatisfy(call -> assertThat(call.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(400));
  }

  @Test
  void itemsThatReturnNothingKeepTheirPlace() {
    test.fake("load", args -> args.get(0, Integer.class) == 2 ? null : 1)
        .fake("sum", args -> args.get(0, List.class).size() == 3 ? 1 : FlowTest.fail("lost one"));

    RunReport report =
        run(
            dag -> {
              Mapped<Integer, Integer> load =
                  dag.map("load", List.of(1, 2, 3), Work.class, Work::actWith);
              dag.task("sum", Work.class, load, Work::both);
            });

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void aBranchMayNameAGroup() {
    RunReport report =
        run(
            dag -> {
              Task<Integer> first = dag.task("first", Work.class, Work::act);
              Branch route = dag.branch("route", first, value -> "silver");
              dag.group(
                      "silver",
                      silver -> {
                        Task<Integer> clean = silver.task("clean", Work.class, Work::act);
                        silver.task("join", Work.class, clean, Work::actWith);
                      })
                  .after(route);
              dag.task("other", Work.class, Work::act).after(route);
            });

    assertThat(FlowTest.states(report))
        .containsEntry("silver.clean", "success")
        .containsEntry("silver.join", "success")
        .containsEntry("other", "skipped");
  }
}
