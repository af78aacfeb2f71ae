package io.millrace.workers.cli.toys;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.temporal.activity.ActivityInterface;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A DAG whose tasks log: one talks in its first try until it is killed. */
@WorkflowInterface
public interface Talk extends DagRunOps {

  /** The DAG's name. */
  String NAME = "talk";

  @WorkflowMethod(name = NAME)
  RunReport run(@Nullable RawValue params);

  /** It has none. */
  record None() {}

  /** What it takes. */
  @ActivityInterface
  interface Voice {
    int talk();

    int whisper(int item);
  }

  /** The graph. */
  final class Impl extends DagWorkflow<None> implements Talk {
    @Override
    protected None defaults() {
      return new None();
    }

    @Override
    protected void define(Dag dag, None params, DataInterval interval) {
      dag.defaults(
          Policy.DEFAULT
              .withRetries(3, Duration.ofMillis(100))
              .withHeartbeat(Duration.ofSeconds(2)));
      var talked = dag.task("talk", Voice.class, Voice::talk);
      dag.map("whisper", List.of(1, 2), Voice.class, Voice::whisper).after(talked);
    }
  }
}
