package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Starts runs from outside. */
class DagRunsTest {

  private static final int RUNS = 64;

  @Test
  void runsThatStartInTheSameMillisecondHaveDifferentIds() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (DagTest test = AnyDag.of(dag -> dag.task("a", Work.class, Work::act))) {
      test.run(null); // starts the server
      DagRuns runs = new DagRuns(test.client(), "any");
      List<Callable<String>> starts =
          new ArrayList<>(Collections.nCopies(RUNS, () -> runs.trigger("any", null)));
      Set<String> ids = new HashSet<>();
      for (Future<String> run : threads.invokeAll(starts)) {
        ids.add(run.get());
      }

      assertThat(ids).hasSize(RUNS);
    } finally {
      threads.shutdownNow();
    }
  }
}
