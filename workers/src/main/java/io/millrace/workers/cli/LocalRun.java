package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.testing.DagTest;
import io.millrace.workers.worker.Activities;
import io.millrace.workers.worker.Pipeline;
import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.lang.reflect.Type;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run of a DAG in this process, which no server knows of. */
final class LocalRun {

  private LocalRun() {}

  /**
   * Prepares a run in which a plain value stands in place of each activity.
   *
   * @param results what tasks return, as JSON, by their ids
   */
  static DagTest of(Console console, Pipeline pipeline, Map<String, String> results) {
    Map<String, Type> types = Activities.results();
    DagTest test =
        DagTest.of(pipeline.implementation(), Pipeline.CHILDREN.toArray(Class<?>[]::new));
    test.queue(Pipeline.TASK_QUEUE)
        .queue(Pipeline.TRAINING_QUEUE)
        .otherwise(
            args -> sample(types, Activity.getExecutionContext().getInfo().getActivityType()));
    results.forEach(
        (task, text) -> {
          JsonNode value = JsonInput.any(console, "--result " + task, text);
          test.fake(task, args -> value);
        });
    return test;
  }

  private static @Nullable Object sample(Map<String, Type> types, String activity) {
    Type type = types.get(activity);
    try {
      return type == null ? null : Samples.of(type);
    } catch (IllegalArgumentException e) {
      throw ApplicationFailure.newNonRetryableFailure(
          activity + ": " + e.getMessage() + " with --result", "NoSample");
    }
  }
}
