package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Amount;
import io.millrace.engine.toys.AnyDag.Exact;
import io.millrace.engine.toys.AnyDag.Work;
import io.temporal.workflow.Functions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A rerun takes a result over for the same task, the same activity, equal arguments and a result
 * type that still reads it; anything else runs again.
 */
class RerunInputTest {

  private static final Policy ONCE = Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1));

  private int failing;
  private final AtomicBoolean broken = new AtomicBoolean(true);
  private final List<List<Integer>> sums = new ArrayList<>();
  private final DagTest test =
      AnyDag.of(dag -> {})
          .fake(
              "load",
              args -> {
                int item = args.get(0, Integer.class);
                return broken.get() && item == failing ? FlowTest.fail("x") : item;
              })
          .fake(
              "sum",
              args -> {
                List<Integer> results = List.of(args.get(0, Integer[].class));
                sums.add(results);
                return results.size();
              });

  @AfterEach
  void stop() {
    test.close();
  }

  private static Consumer<Dag> map(List<Integer> items, Functions.Func1<Integer, String> name) {
    return dag -> {
      Mapped<Integer, Integer> load =
          dag.map("load", items, Work.class, Work::actWith).named(name).policy(ONCE);
      dag.task("sum", Work.class, load, Work::both);
    };
  }

  /** Runs with one list, then reruns with another; returns what the rerun executed. */
  private List<String> rerun(int fails, Consumer<Dag> before, Consumer<Dag> after) {
    failing = fails;
    AnyDag.redefine(before);
    RunReport first = test.run(null);
    assertThat(first.state()).isEqualTo(RunState.FAILED);
    broken.set(false);
    AnyDag.redefine(after);
    int calls = test.calls().size();
    last = test.run(Map.of("$run", Map.of("rerunOf", first.runId())));
    assertThat(last.state()).as("%s", last).isEqualTo(RunState.SUCCESS);
    return test.calls().subList(calls, test.calls().size());
  }

  private RunReport last;

  @Test
  void theOrderOfTheItemsDoesNotMatter() {
    List<String> ran = rerun(30, map(List.of(10, 20, 30), null), map(List.of(30, 20, 10), null));

    assertThat(ran).containsExactly("load[0]", "sum");
    assertThat(sums).containsExactly(List.of(30, 20, 10));
  }

  @Test
  void itemsOfOneNameAreToldApart() {
    Functions.Func1<Integer, String> tens = item -> "n" + item / 10;

    List<String> ran = rerun(12, map(List.of(11, 12, 21), tens), map(List.of(11, 12, 21), tens));

    assertThat(ran).containsExactly("load[n1#2]", "sum");
    assertThat(sums).containsExactly(List.of(11, 12, 21));
  }

  @Test
  void anotherItemAtTheSamePlaceRuns() {
    List<String> ran = rerun(20, map(List.of(10, 20), null), map(List.of(11, 20), null));

    assertThat(ran).containsExactlyInAnyOrder("load[0]", "load[1]", "sum");
    assertThat(sums).containsExactly(List.of(11, 20));
    assertThat(last.task("load").detail())
        .contains("1 of 2 items ran again, the first because its arguments are not those of");
  }

  @Test
  void eachResultServesOneItem() {
    List<String> ran = rerun(3, map(List.of(7, 3), null), map(List.of(7, 7, 3), null));

    assertThat(ran).hasSize(3).endsWith("sum");
    assertThat(sums).containsExactly(List.of(7, 7, 3));
  }

  @Test
  void itemsOfManyAreFoundByTheirArgumentsToo() {
    List<Integer> items = IntStream.range(0, 501).boxed().toList();
    List<Integer> shifted = IntStream.range(0, 501).mapToObj(i -> (i + 100) % 501).toList();

    List<String> ran = rerun(400, map(items, null), map(shifted, null));

    assertThat(ran).containsExactly("load[300]", "sum");
    assertThat(sums).containsExactly(shifted);
  }

  @Test
  void aTaskWhoseArgumentsChangedRunsAgainWithAllBelowAndSaysWhy() {
    List<String> ran =
        rerun(
            9,
            dag -> {
              Task<Integer> first = dag.task("first", Work.class, work -> work.actWith(1));
              Task<Integer> second = dag.task("second", Work.class, first, Work::actWith);
              dag.map("load", List.of(9), Work.class, Work::actWith).policy(ONCE).after(second);
            },
            dag -> {
              Task<Integer> first = dag.task("first", Work.class, work -> work.actWith(2));
              Task<Integer> second = dag.task("second", Work.class, first, Work::actWith);
              dag.map("load", List.of(9), Work.class, Work::actWith).policy(ONCE).after(second);
            });

    assertThat(ran).containsExactly("first", "second", "load[0]");
    assertThat(last.task("first").detail()).startsWith("ran again: its arguments are not those of");
  }

  @Test
  void aTaskThatCallsAnotherActivityRunsAgain() {
    test.fake("first", args -> broken.get() ? 1 : List.of(1));
    List<String> ran =
        rerun(
            9,
            dag -> {
              Task<Integer> first = dag.task("first", Work.class, Work::act);
              dag.map("load", List.of(9), Work.class, Work::actWith).policy(ONCE).after(first);
            },
            dag -> {
              Task<List<Integer>> first = dag.task("first", Work.class, Work::items);
              dag.map("load", List.of(9), Work.class, Work::actWith).policy(ONCE).after(first);
            });

    assertThat(ran).containsExactly("first", "load[0]");
    assertThat(last.task("first").detail()).startsWith("ran again: it calls Items where any-");
  }

  @Test
  void aResultWhoseShapeHasChangedIsNotTakenOver() {
    test.fake("first", args -> broken.get() ? Map.of() : Map.of("value", 1));
    Consumer<Dag> graph =
        dag -> {
          Task<Amount> first =
              dag.task("first", Exact.class, work -> work.amount(new Amount(null)));
          dag.map("load", List.of(9), Work.class, Work::actWith).policy(ONCE).after(first);
        };

    List<String> ran = rerun(9, graph, graph);

    assertThat(ran).containsExactly("first", "load[0]");
    assertThat(last.task("first").detail())
        .startsWith("ran again: the shape of its result has changed since any-");
  }

  @Test
  void aTaskThatReturnedNothingIsDone() {
    test.fake("first", args -> null);
    Consumer<Dag> graph =
        dag -> {
          Task<Integer> first = dag.task("first", Work.class, Work::act);
          dag.map("load", List.of(9), Work.class, Work::actWith).policy(ONCE).after(first);
        };

    assertThat(rerun(9, graph, graph)).containsExactly("load[0]");
  }

  @Test
  void aMarkedTaskRunsAgain() {
    failing = 9;
    AnyDag.redefine(
        dag -> {
          dag.holdOnFailure();
          Task<Integer> first = dag.task("first", Work.class, Work::act);
          dag.map("load", List.of(9), Work.class, Work::actWith).policy(ONCE).after(first);
        });
    test.start(null).awaitState("load", NodeState.FAILED);
    test.stub()
        .update("mark", String.class, new DagRunOps.Mark("first", "failed", null, "ana", ""));
    test.stub()
        .update(
            "mark",
            String.class,
            new DagRunOps.Mark("first", "success", new IntNode(3), "ana", ""));
    test.awaitState("load", NodeState.FAILED);
    test.stub().update("release", String.class, new DagRunOps.Hold(null, "ana", ""));
    String former = test.await().runId();
    broken.set(false);
    int before = test.calls().size();

    test.run(Map.of("$run", Map.of("rerunOf", former)));

    assertThat(test.calls().subList(before, test.calls().size()))
        .containsExactly("first", "load[0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"load[1]", "load[b]"})
  void oneItemCanBeClearedInARerun(String label) {
    failing = 1;
    AnyDag.redefine(map(List.of(1, 2, 3), item -> List.of("a", "b", "c").get(item - 1)));
    String former = test.run(null).runId();
    broken.set(false);
    int before = test.calls().size();

    test.run(Map.of("$run", Map.of("rerunOf", former, "clear", List.of(label))));

    assertThat(test.calls().subList(before, test.calls().size()))
        .containsExactlyInAnyOrder("load[a]", "load[b]", "sum");
  }
}
