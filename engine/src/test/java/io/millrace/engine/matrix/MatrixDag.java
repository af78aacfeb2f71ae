package io.millrace.engine.matrix;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Handle;
import io.millrace.engine.Node;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.Upstream;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A DAG whose graph is its params. */
@WorkflowInterface
public interface MatrixDag extends DagRunOps {

  /** The DAG's name. */
  String NAME = "matrix";

  /** A call that begins so succeeds at once. */
  String AUTOMATIC = "auto:";

  /** A call that begins so heartbeats, and ends when it is cancelled. */
  String HEARTBEATING = "beats:";

  /** The heartbeat timeout of those: no busy machine needs as long. */
  Duration HEARTBEAT = Duration.ofMinutes(3);

  @WorkflowMethod(name = NAME)
  RunReport run(@Nullable RawValue params);

  /** Builds what the params say. */
  final class Impl extends DagWorkflow<GraphSpec> implements MatrixDag {

    @Override
    protected GraphSpec defaults() {
      return GraphSpec.of(List.of());
    }

    @Override
    protected void define(Dag dag, GraphSpec spec, DataInterval interval) {
      if (spec.holdOnFailure()) {
        dag.holdOnFailure();
      }
      new Builder(dag, spec).build();
    }
  }

  /** Adds the tasks one after the other. */
  final class Builder {

    private final GraphSpec spec;
    private final Map<String, Node<?, ?>> nodes = new HashMap<>();
    private Dag dag;

    Builder(Dag dag, GraphSpec spec) {
      this.dag = dag;
      this.spec = spec;
    }

    void build() {
      int next = 0;
      while (next < spec.tasks().size()) {
        String group = groupOf(spec.tasks().get(next));
        int end = next + 1;
        while (end < spec.tasks().size() && groupOf(spec.tasks().get(end)).equals(group)) {
          end++;
        }
        List<TaskSpec> members = spec.tasks().subList(next, end);
        if (group.isEmpty()) {
          members.forEach(this::add);
        } else {
          dag.group(group, inner -> members.forEach(this::add));
        }
        next = end;
      }
    }

    private static String groupOf(TaskSpec task) {
      int dot = task.id().indexOf('.');
      return dot < 0 ? "" : task.id().substring(0, dot);
    }

    private void add(TaskSpec task) {
      dag.defaults(policy(task));
      Node<?, ?> node = node(task, task.id().substring(task.id().indexOf('.') + 1));
      nodes.put(task.id(), node);
      node.after(upstream(task.after()));
      node.rule(task.rule());
      if (task.tearsDown()) {
        node.teardownOf(task.setups().stream().map(this::node).toArray(Handle<?>[]::new));
      }
    }

    private Policy policy(TaskSpec task) {
      Policy policy = Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1));
      if (spec.heartbeats()) {
        policy = policy.withHeartbeat(HEARTBEAT);
      }
      return task.slots() == 0 ? policy : policy.withPool(spec.pool(), task.slots());
    }

    private Node<?, ?> node(TaskSpec task, String id) {
      Handle<String> inputs = inputs(task);
      return switch (task.kind()) {
        case TASK ->
            inputs == null
                ? dag.task(id, MatrixWork.class, work -> work.act(call(task, -1, "")))
                : dag.task(
                    id, MatrixWork.class, inputs, (work, text) -> work.act(call(task, -1, text)));
        case CHILD ->
            inputs == null
                ? dag.child(id, MatrixChild.class, run -> run.run(call(task, -1, "")))
                : dag.child(
                    id, MatrixChild.class, inputs, (run, text) -> run.run(call(task, -1, text)));
        case MAP ->
            inputs == null
                ? dag.map(id, calls(task, ""), MatrixWork.class, MatrixWork::act)
                    .maxActive(task.items() + 1)
                : dag.map(
                        id,
                        inputs.derive(text -> calls(task, text)),
                        MatrixWork.class,
                        MatrixWork::act)
                    .maxActive(task.items() + 1);
        case MAP_RUNS ->
            dag.mapRuns(
                    id,
                    required(inputs).derive(text -> calls(task, text)),
                    MatrixChild.class,
                    MatrixChild::run)
                .maxActive(task.items() + 1);
        case TRIGGER ->
            dag.trigger(
                id,
                MatrixChild.class,
                run -> run.run(AUTOMATIC + "triggered by " + task.id() + "|"));
        case SENSOR -> dag.sensor(id, MatrixWork.class, work -> work.act(call(task, -1, "")));
        case BRANCH -> dag.branchAll(id, required(inputs), text -> task.choice());
        case SHORT_CIRCUIT -> dag.shortCircuit(id, required(inputs), text -> goesOn(task));
        case LATEST_ONLY -> dag.latestOnly(id);
        case EVENT -> dag.event(id, Integer.class);
        case GATE -> dag.gate(id);
      };
    }

    private static boolean goesOn(TaskSpec task) {
      if (task.choice().contains("throw")) {
        throw new IllegalStateException("the condition is broken");
      }
      return task.choice().contains("go");
    }

    private static Handle<String> required(@Nullable Handle<String> inputs) {
      if (inputs == null) {
        throw new IllegalStateException("this kind of task needs one above it that is no setup");
      }
      return inputs;
    }

    private List<String> calls(TaskSpec task, String inputs) {
      return IntStream.range(0, task.items()).mapToObj(i -> call(task, i, inputs)).toList();
    }

    private String call(TaskSpec task, int item, String inputs) {
      String how = task.isAutomatic(item) ? AUTOMATIC : spec.heartbeats() ? HEARTBEATING : "";
      return how + task.key(item) + "|" + inputs;
    }

    /** What the tasks above have made, as text; null if there are none whose results are taken. */
    private @Nullable Handle<String> inputs(TaskSpec task) {
      Handle<String> all = null;
      for (String above : spec.inputsOf(task.id())) {
        Handle<String> one = text(above, node(above));
        all = all == null ? one : all.combine(one, (left, right) -> left + ";" + right);
      }
      return all;
    }

    private static <T> Handle<String> text(String id, Handle<T> handle) {
      return handle.derive(value -> "%s=%s".formatted(id, value));
    }

    private Upstream[] upstream(List<String> ids) {
      return ids.stream().map(this::node).toArray(Upstream[]::new);
    }

    private Node<?, ?> node(String id) {
      Node<?, ?> node = nodes.get(id);
      if (node == null) {
        throw new IllegalStateException("'%s' is used before it is defined".formatted(id));
      }
      return node;
    }
  }
}
