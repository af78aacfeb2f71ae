package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.engine.DagRunOps.ExternalEvent;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SensorTest {

  private @Nullable DagTest test;

  private DagTest dag(Consumer<Dag> graph) {
    test = AnyDag.of(graph);
    return test;
  }

  @AfterEach
  void stop() {
    if (test != null) {
      test.close();
    }
  }

  @Test
  void pokesUntilItFindsAndWritesNoHistoryForThePokes() {
    AtomicInteger pokes = new AtomicInteger();
    DagTest test =
        dag(dag -> {
              Sensor<Integer> landed =
                  dag.sensor("landed", Work.class, Work::act).every(Duration.ofMinutes(5));
              dag.task("load", Work.class, landed, Work::actWith);
            })
            .fake("landed", args -> found(pokes.incrementAndGet() > 20));

    RunReport report = test.run(null);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(pokes).hasValue(21);
    assertThat(test.client().fetchHistory(report.runId()).getEvents()).hasSizeLessThan(30);
  }

  @Test
  void failsOrSkipsWhenTimeIsOut() {
    DagTest test =
        dag(dag -> {
              dag.sensor("hard", Work.class, Work::act).timeout(Duration.ofHours(6));
              dag.sensor("soft", Work.class, Work::act).timeout(Duration.ofHours(6)).softFail();
            })
            .otherwise(args -> found(false));

    RunReport report = test.run(null);

    assertThat(report.task("hard"))
        .returns(NodeState.FAILED, TaskReport::state)
        .returns("not ready within PT6H: no file yet", TaskReport::detail);
    assertThat(report.task("soft").state()).isEqualTo(NodeState.SKIPPED);
  }

  @Test
  void anErrorThatCannotBeRetriedEndsTheWait() {
    RunReport report =
        dag(dag -> dag.sensor("landed", Work.class, Work::act).softFail())
            .fake("landed", args -> FlowTest.fail("no such bucket"))
            .run(null);

    assertThat(report.task("landed"))
        .returns(NodeState.FAILED, TaskReport::state)
        .returns("Broken: no such bucket", TaskReport::detail);
  }

  @Test
  void takesAnEventThatComesWhileItWaitsOrEarlier() {
    DagTest test =
        dag(
            dag -> {
              Event<Integer> first = dag.event("first", Integer.class);
              Event<Integer> second = dag.event("second", Integer.class).after(first);
              dag.task("add", Work.class, second, Work::actWith);
            });
    test.start(null).awaitState("first", NodeState.AWAITING_INPUT);

    test.stub().signal("event", new ExternalEvent("second", new IntNode(2)));
    test.stub().signal("event", new ExternalEvent("first", new TextNode("many")));
    test.stub().signal("event", new ExternalEvent("first", new IntNode(1)));

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.report().task("first").detail()).isEqualTo("1");
  }

  @Test
  void anEventThatNeverComesFailsOrSkips() {
    RunReport report =
        dag(dag -> {
              dag.event("hard", Integer.class).timeout(Duration.ofDays(1));
              dag.event("soft", Integer.class).timeout(Duration.ofDays(1)).softFail();
            })
            .run(null);

    assertThat(report.task("hard").detail()).isEqualTo("no event within PT24H");
    assertThat(report.task("soft").state()).isEqualTo(NodeState.SKIPPED);
  }

  private static Integer found(boolean there) {
    if (!there) {
      throw NotReady.because("no file yet");
    }
    return 1;
  }
}
