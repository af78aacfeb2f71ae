package io.millrace.engine.toys;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Gate;
import io.millrace.engine.Handle;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.Task;
import io.millrace.engine.TriggerRule;
import io.millrace.engine.toys.YardActivities.Load;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One small DAG for each thing to test. */
public final class YardDags {

  private YardDags() {}

  /** How many tasks, and side by side or one after the other. */
  public record Shape(int tasks, boolean chain) {}

  /** Any number of tasks. */
  @WorkflowInterface
  public interface Wide extends DagRunOps {
    @WorkflowMethod(name = "wide")
    RunReport run(@Nullable RawValue params);
  }

  /** The graph of {@link Wide}. */
  public static final class WideImpl extends DagWorkflow<Shape> implements Wide {
    @Override
    protected Shape defaults() {
      return new Shape(1, false);
    }

    @Override
    protected void define(Dag dag, Shape shape, DataInterval interval) {
      Task<Integer> before = null;
      for (int i = 0; i < shape.tasks(); i++) {
        int number = i;
        Task<Integer> task = dag.task("t" + i, YardActivities.class, yard -> yard.step(number));
        if (shape.chain() && before != null) {
          Task<Integer> unused = task.after(before);
        }
        before = task;
      }
    }
  }

  /** A gate between two tasks. */
  @WorkflowInterface
  public interface Gated extends DagRunOps {
    @WorkflowMethod(name = "gated")
    RunReport run(@Nullable RawValue params);
  }

  /** The graph of {@link Gated}. */
  public static final class GatedImpl extends DagWorkflow<Shape> implements Gated {
    @Override
    protected Shape defaults() {
      return new Shape(1, false);
    }

    @Override
    protected void define(Dag dag, Shape shape, DataInterval interval) {
      Task<Integer> first = dag.task("first", YardActivities.class, yard -> yard.step(1));
      Gate gate =
          dag.gate("promote").options("yes", "no").timeout(Duration.ofHours(24), "no").after(first);
      dag.task(
          "last",
          YardActivities.class,
          gate,
          (yard, answer) -> yard.step(answer.equals("yes") ? 1 : 0));
    }
  }

  /** A slow task beside a mapped one, for cancelling; and what comes after them. */
  @WorkflowInterface
  public interface Slow extends DagRunOps {
    @WorkflowMethod(name = "slow")
    RunReport run(@Nullable RawValue params);
  }

  /** The graph of {@link Slow}. */
  public static final class SlowImpl extends DagWorkflow<Shape> implements Slow {
    @Override
    protected Shape defaults() {
      return new Shape(3, false);
    }

    @Override
    protected void define(Dag dag, Shape shape, DataInterval interval) {
      dag.defaults(
          Policy.DEFAULT
              .withRetries(0, Duration.ofSeconds(1))
              .withHeartbeat(Duration.ofSeconds(1)));
      Task<Integer> slow = dag.task("slow", YardActivities.class, YardActivities::slow);
      dag.map("many", List.of(1, 2, 3), YardActivities.class, (yard, item) -> yard.slow())
          .maxActive(1);
      dag.task("after", YardActivities.class, yard -> yard.step(1)).after(slow);
      dag.gate("ask");
    }
  }

  /** Every overload: lists of records, constants, derived values, a tolerant map, a child run. */
  @WorkflowInterface
  public interface Mixed extends DagRunOps {
    @WorkflowMethod(name = "mixed")
    RunReport run(@Nullable RawValue params);
  }

  /** The graph of {@link Mixed}. */
  public static final class MixedImpl extends DagWorkflow<Shape> implements Mixed {
    @Override
    protected Shape defaults() {
      return new Shape(1, false);
    }

    @Override
    protected void define(Dag dag, Shape shape, DataInterval interval) {
      dag.failOnAnyFailure().defaults(Policy.DEFAULT.withRetries(1, Duration.ofSeconds(1)));
      Task<List<Load>> loads = dag.task("loads", YardActivities.class, YardActivities::loads);
      Handle<String> label = loads.derive(list -> list.get(0).name());
      dag.task("join", YardActivities.class, loads, label, YardActivities::join);
      Handle<Integer> size =
          dag.map("even", List.of(0, 1, 2, 3), YardActivities.class, YardActivities::step)
              .minSuccessRatio(0.5)
              .derive(List::size);
      Task<Integer> even = dag.task("count", YardActivities.class, size, YardActivities::step);
      dag.child("nested", Wide.class, wide -> wide.run(null)).after(even);
      dag.task("sweep", YardActivities.class, yard -> yard.step(9))
          .after(even)
          .rule(TriggerRule.ALL_DONE);
    }
  }

  /** A graph that cannot be built. */
  @WorkflowInterface
  public interface Broken extends DagRunOps {
    @WorkflowMethod(name = "broken")
    RunReport run(@Nullable RawValue params);
  }

  /** The graph of {@link Broken}: an id used twice, or a name that cannot be computed. */
  public static final class BrokenImpl extends DagWorkflow<Shape> implements Broken {
    @Override
    protected Shape defaults() {
      return new Shape(1, false);
    }

    @Override
    protected void define(Dag dag, Shape shape, DataInterval interval) {
      if (shape.tasks() == 2) {
        dag.task("twice", YardActivities.class, YardActivities::slow);
        dag.task("twice", YardActivities.class, YardActivities::slow);
        return;
      }
      dag.map("named", List.of(4, 2, 0), YardActivities.class, YardActivities::step)
          .named(item -> "eighth-" + 8 / item)
          .maxActive(1);
    }
  }
}
