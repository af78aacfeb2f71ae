package io.millrace.engine.toys;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Mapped;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.Task;
import io.millrace.engine.TriggerRule;
import io.millrace.engine.toys.MillActivities.Weighing;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** sacks → grind* → weigh → bake, with a sweep that runs whatever happened. */
@WorkflowInterface
public interface MillDag extends DagRunOps {

  @WorkflowMethod(name = "mill")
  RunReport run(@Nullable RawValue params);

  /**
   * The params.
   *
   * @param sacks how many sacks to grind
   */
  record MillParams(int sacks) {
    public MillParams {
      if (sacks < 0) {
        throw new IllegalArgumentException("sacks must be 0 or more, not " + sacks);
      }
    }
  }

  /** The graph. */
  final class Impl extends DagWorkflow<MillParams> implements MillDag {

    @Override
    protected MillParams defaults() {
      return new MillParams(3);
    }

    @Override
    protected void define(Dag dag, MillParams params, DataInterval interval) {
      dag.defaults(Policy.DEFAULT.withRetries(1, Duration.ofSeconds(1)));
      Task<List<String>> sacks =
          dag.task("sacks", MillActivities.class, mill -> mill.sacks(params.sacks()));
      Mapped<String, Integer> flour =
          dag.map("grind", sacks, MillActivities.class, MillActivities::grind)
              .named(sack -> sack)
              .maxActive(2);
      Task<Weighing> weighed =
          dag.check("weigh", MillActivities.class, flour, MillActivities::weigh);
      Task<String> bread = dag.task("bake", MillActivities.class, weighed, MillActivities::bake);
      dag.task("sweep", MillActivities.class, mill -> mill.sacks(0))
          .after(bread)
          .rule(TriggerRule.ALL_DONE);
    }
  }
}
