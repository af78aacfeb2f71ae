package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.millrace.testing.Waiting;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowFailedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One item of a map in child runs still goes on when the 500 others have ended. */
class LargeMapTest {

  private static final int SIZE = 501;
  private static final List<Integer> ITEMS = IntStream.range(0, SIZE).boxed().toList();

  private final CountDownLatch free = new CountDownLatch(1);
  private final DagTest test =
      AnyDag.of(
          dag ->
              dag.defaults(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)))
                  .map("load", ITEMS, Work.class, Work::actWith));

  @BeforeEach
  void endAllButOne() {
    test.fake("load", args -> load(args.get(0, Integer.class)))
        .start(null)
        .awaitState("load", NodeState.RUNNING);
    awaitInChunk(HistoryEvent::hasActivityTaskCompletedEventAttributes, MapChunk.SIZE - 1);
  }

  @AfterEach
  void stop() {
    free.countDown();
    test.close();
  }

  private int load(int item) throws InterruptedException {
    if (item == 7 && free.getCount() > 0) {
      free.await();
      throw new IllegalStateException("stopped");
    }
    return item;
  }

  private interface Kind {
    boolean matches(HistoryEvent event);
  }

  private void awaitInChunk(Kind kind, long count) {
    String chunk = test.report().runId() + "/load[0..499]";
    Object unused =
        Waiting.until(
            "events of the chunk",
            () ->
                test.client().fetchHistory(chunk).getEvents().stream()
                    .filter(kind::matches)
                    .count(),
            found -> found >= count);
  }

  private void freeOnceCancelled() {
    awaitInChunk(HistoryEvent::hasActivityTaskCancelRequestedEventAttributes, 1);
    free.countDown();
  }

  @Test
  void theLastItemIsClearedAndRunsAgain() {
    test.stub()
        .update(
            "clear",
            List.class,
            new DagRunOps.Clear(List.of("load[7]"), false, null, false, null, "ana", ""));
    freeOnceCancelled();

    assertThat(test.await().task("load").progress()).isEqualTo("501/501");
    assertThat(test.calls()).hasSize(SIZE + 1).endsWith("load[7]");
  }

  @Test
  void theLastItemIsMarked() {
    test.stub()
        .update(
            "mark",
            String.class,
            new DagRunOps.Mark("load[7]", "skipped", null, "ana", "not today"));
    freeOnceCancelled();

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls()).hasSize(SIZE);
  }

  @Test
  void aCancelledRunKeepsWhatWasDoneAndItsRerunTakesItOver() {
    String former = test.report().runId();
    test.stub().cancel();
    freeOnceCancelled();
    assertThat(catchThrowable(test::await)).isInstanceOf(WorkflowFailedException.class);
    assertThat(test.report().task("load").detail()).startsWith("1 of 501 items failed; 7: ");

    test.run(Map.of("$run", Map.of("rerunOf", former)));

    assertThat(test.calls()).hasSize(SIZE + 1).endsWith("load[7]");
  }
}
