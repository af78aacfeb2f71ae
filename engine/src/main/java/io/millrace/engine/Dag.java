package io.millrace.engine;

import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The graph of one run, built by ordinary code.
 *
 * <pre>{@code
 * Task<List<Part>> parts = dag.task("list_parts", Lake.class, lake -> lake.list(params.prefix()));
 * Mapped<Part, Loaded> loaded = dag.map("load", parts, Lake.class, Lake::load).maxActive(4);
 * dag.check("verify", Quality.class, loaded, Quality::verify);
 * }</pre>
 *
 * <p>A call must be one call of one activity method: it is recorded, not made, and becomes one
 * activity. A task can only come after tasks that exist already, so there are no cycles.
 */
public final class Dag {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

  private final Map<String, Node<?, ?>> nodes = new LinkedHashMap<>();
  private Policy defaults = Policy.DEFAULT;
  private boolean failsOnAnyFailure;

  Dag() {}

  /** Sets the policy of the tasks defined from here on. */
  public Dag defaults(Policy policy) {
    defaults = policy;
    return this;
  }

  /**
   * Makes the run fail if any task failed. Without it the leaves alone decide, as in Airflow, where
   * a last task with {@link TriggerRule#ALL_DONE} hides the failures above it.
   */
  public Dag failOnAnyFailure() {
    failsOnAnyFailure = true;
    return this;
  }

  /** Adds a task that takes no other task's result. */
  public <A, R> Task<R> task(String id, Class<A> api, Functions.Func1<A, R> call) {
    return add(new Task<>(id, defaults, (summary, policy) -> start(summary, policy, api, call)));
  }

  /** Adds a task that takes another task's result. */
  public <A, X, R> Task<R> task(
      String id, Class<A> api, Handle<X> input, Functions.Func2<A, X, R> call) {
    return this.<A, R>task(id, api, activity -> call.apply(activity, input.value())).after(input);
  }

  /** Adds a task that takes two other tasks' results. */
  public <A, X, Y, R> Task<R> task(
      String id,
      Class<A> api,
      Handle<X> first,
      Handle<Y> second,
      Functions.Func3<A, X, Y, R> call) {
    return this.<A, R>task(id, api, activity -> call.apply(activity, first.value(), second.value()))
        .after(first, second);
  }

  /** Adds a task that takes three other tasks' results. */
  public <A, X, Y, Z, R> Task<R> task(
      String id,
      Class<A> api,
      Handle<X> first,
      Handle<Y> second,
      Handle<Z> third,
      Functions.Func4<A, X, Y, Z, R> call) {
    return this.<A, R>task(
            id, api, activity -> call.apply(activity, first.value(), second.value(), third.value()))
        .after(first, second, third);
  }

  /** Adds a task whose report decides whether the tasks below it may run. */
  public <A, X, R extends CheckReport> Task<R> check(
      String id, Class<A> api, Handle<X> input, Functions.Func2<A, X, R> call) {
    return task(id, api, input, call);
  }

  /** Adds one activity an item of another task's list. */
  public <A, X, R> Mapped<X, R> map(
      String id, Handle<List<X>> items, Class<A> api, Functions.Func2<A, X, R> call) {
    return mapped(id, items::value, api, call).after(items);
  }

  /** Adds one activity an item of a list. */
  public <A, X, R> Mapped<X, R> map(
      String id, List<X> items, Class<A> api, Functions.Func2<A, X, R> call) {
    return mapped(id, () -> items, api, call);
  }

  /** Adds a child run, which has its own history, retries and page in the Web UI. */
  public <W, R> Task<R> child(String id, Class<W> workflow, Functions.Func1<W, R> call) {
    return add(new Task<>(id, defaults, (summary, policy) -> startChild(summary, workflow, call)));
  }

  /** Adds a child run that takes another task's result. */
  public <W, X, R> Task<R> child(
      String id, Class<W> workflow, Handle<X> input, Functions.Func2<W, X, R> call) {
    return this.<W, R>child(id, workflow, child -> call.apply(child, input.value())).after(input);
  }

  /** Adds a gate, where a person decides. */
  public Gate gate(String id) {
    return add(new Gate(id, defaults));
  }

  boolean failsOnAnyFailure() {
    return failsOnAnyFailure;
  }

  Map<String, Node<?, ?>> nodes() {
    return nodes;
  }

  private <A, X, R> Mapped<X, R> mapped(
      String id, Functions.Func<List<X>> items, Class<A> api, Functions.Func2<A, X, R> call) {
    return add(
        new Mapped<>(
            id,
            defaults,
            items,
            (summary, policy, item) ->
                start(summary, policy, api, activity -> call.apply(activity, item))));
  }

  private <N extends Node<?, ?>> N add(N node) {
    if (!ID.matcher(node.id()).matches()) {
      throw new IllegalArgumentException(
          "Task id '%s' must match %s".formatted(node.id(), ID.pattern()));
    }
    if (nodes.putIfAbsent(node.id(), node) != null) {
      throw new IllegalArgumentException("Task id '%s' is used twice".formatted(node.id()));
    }
    return node;
  }

  @SuppressWarnings("unchecked") // the recorded method returns R
  private static <W, R> Promise<R> startChild(
      String summary, Class<W> workflow, Functions.Func1<W, R> call) {
    RecordedCall recorded = RecordedCall.ofChild(summary, workflow, call);
    ChildWorkflowOptions options =
        ChildWorkflowOptions.newBuilder()
            .setWorkflowId(Workflow.getInfo().getWorkflowId() + "/" + summary)
            .setStaticSummary(summary)
            .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
            .build();
    return (Promise<R>)
        Workflow.newUntypedChildWorkflowStub(recorded.type(), options)
            .executeAsync(recorded.resultClass(), recorded.resultType(), recorded.args().toArray());
  }

  @SuppressWarnings("unchecked") // the recorded method returns R
  private static <A, R> Promise<R> start(
      String summary, Policy policy, Class<A> api, Functions.Func1<A, R> call) {
    RecordedCall recorded = RecordedCall.of(summary, api, call);
    ActivityStub stub = Workflow.newUntypedActivityStub(policy.activityOptions(summary));
    return (Promise<R>)
        stub.executeAsync(
            recorded.type(),
            recorded.resultClass(),
            recorded.resultType(),
            recorded.args().toArray());
  }
}
