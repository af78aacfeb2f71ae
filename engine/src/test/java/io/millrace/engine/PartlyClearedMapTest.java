package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A map of which some items are to be done again while the others keep what they have. */
class PartlyClearedMapTest {

  private final Set<String> broken = ConcurrentHashMap.newKeySet();
  private final DagTest test =
      AnyDag.of(
          dag -> {
            dag.defaults(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1))).holdOnFailure();
            Task<List<Integer>> list = dag.task("list", Work.class, Work::items);
            Mapped<Integer, Integer> load = dag.map("load", list, Work.class, Work::actWith);
            dag.task("sum", Work.class, load, Work::both).rule(TriggerRule.ALL_DONE);
            dag.gate("open").after(load);
          });

  @BeforeEach
  void failOneItem() {
    broken.add("2");
    test.fake("list", args -> broken.contains("list") ? FlowTest.fail("x") : List.of(1, 2))
        .fake("load", args -> broken.contains(args.get(0, String.class)) ? FlowTest.fail("x") : 10)
        .fake("sum", args -> args.get(0, List.class).size())
        .start(null)
        .awaitState("sum", NodeState.SUCCESS);
    broken.clear();
  }

  @AfterEach
  void stop() {
    test.close();
  }

  private void clear(boolean onlyFailed, String... tasks) {
    Object unused =
        test.stub()
            .update(
                "clear",
                List.class,
                new DagRunOps.Clear(List.of(tasks), false, null, onlyFailed, null, "ana", ""));
  }

  private void hold(String update) {
    Object unused = test.stub().update(update, String.class, new DagRunOps.Hold(null, "ana", ""));
  }

  private void mark(String task, String state, @Nullable JsonNode result) {
    Object unused =
        test.stub()
            .update("mark", String.class, new DagRunOps.Mark(task, state, result, "ana", ""));
  }

  /** It waits to be done again, for the run is held. */
  private void clearTheFailedItem() {
    hold("hold");
    clear(true, "load");
    test.awaitState("load", NodeState.NONE);
  }

  @Test
  void itsOtherItemsAreClearedWithATaskAboveIt() {
    clearTheFailedItem();

    clear(false, "list");
    hold("release");
    test.answer("open", "approve");

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls().stream().filter("load[0]"::equals)).hasSize(2);
  }

  @Test
  void itIsClearedWithAllItemsWhenItIsNamed() {
    clearTheFailedItem();

    clear(false, "load");
    hold("release");
    test.answer("open", "approve");

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls().stream().filter("load[0]"::equals)).hasSize(2);
  }

  @Test
  void itEndsWithATaskAboveThatFails() {
    clearTheFailedItem();
    mark("list", "failed", null);
    hold("release");

    assertThat(test.await().state()).isEqualTo(RunState.FAILED);
    assertThat(test.states()).containsEntry("load", NodeState.UPSTREAM_FAILED);
  }

  @Test
  void itsItemsDecideAgainWhenOneIsMarkedAfterTheWhole() {
    mark("load", "success", Json.tree(List.of(5, 6)));
    mark("load[1]", "failed", null);

    test.awaitState("load", NodeState.FAILED);
  }

  @Test
  void aMarkOfTheWholeStaysWithTheItemsThatAreNotCleared() {
    mark("load", "success", Json.tree(List.of(5, 6)));
    clear(false, "load[0]");
    test.answer("open", "approve");

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls().stream().filter("load[1]"::equals)).hasSize(1);
  }
}
