package io.millrace.engine;

import io.millrace.engine.RecordedCall.Kind;
import io.millrace.engine.notify.RunAlerts;
import io.temporal.workflow.Functions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
 * activity. Tasks that come after each other in a circle fail the run at its start.
 */
public final class Dag {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

  private final Map<String, Node<?, ?>> nodes = new LinkedHashMap<>();
  private final Map<String, Set<String>> groups = new LinkedHashMap<>();
  private final RunAlerts alerts = new RunAlerts();
  private Policy defaults = Policy.DEFAULT;
  private String prefix = "";
  private boolean failsOnAnyFailure;
  private boolean failsFast;
  private boolean holdsOnFailure;
  private @Nullable Duration deadline;
  private Duration cancelGrace = Duration.ofMinutes(1);
  private long maxEvents = Stopping.MAX_EVENTS;

  Dag() {}

  /** Sets the policy of the tasks defined from here on; in a group, of the group's. */
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

  /** Stops the run at its first failed task: what runs is cancelled, teardowns still run. */
  public Dag failFast() {
    failsFast = true;
    return this;
  }

  /** Keeps a run open in which a task failed, so that people can clear, mark or release it. */
  public Dag holdOnFailure() {
    holdsOnFailure = true;
    return this;
  }

  /**
   * Stops a run that takes longer, as Airflow's {@code dagrun_timeout}: what runs is cancelled,
   * what has not begun is skipped, teardowns run, and the run fails.
   */
  public Dag deadline(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("A deadline must be positive, not " + limit);
    }
    deadline = limit;
    return this;
  }

  /**
   * Sets how long a run that is cancelled, out of time or failing fast waits for tasks that go on
   * although they were cancelled; a minute by default. After it they are abandoned: they count as
   * failed, the report says so, and teardowns run.
   */
  public Dag cancelGrace(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("A grace period must be positive, not " + limit);
    }
    cancelGrace = limit;
    return this;
  }

  /** Says who is notified of the run's end, retries and missed deadlines; by default no one. */
  public RunAlerts alerts() {
    return alerts;
  }

  /** Adds tasks whose ids begin with the group's, with a policy of their own if they set one. */
  public Group group(String id, Functions.Proc1<Dag> body) {
    String outerPrefix = prefix;
    Policy outerDefaults = defaults;
    int before = nodes.size();
    prefix = prefix + id + ".";
    try {
      body.apply(this);
    } finally {
      prefix = outerPrefix;
      defaults = outerDefaults;
    }
    List<Node<?, ?>> members = new ArrayList<>(nodes.values()).subList(before, nodes.size());
    if (members.isEmpty()) {
      throw new IllegalArgumentException("Group '%s%s' has no task".formatted(prefix, id));
    }
    groups
        .computeIfAbsent(full(id), any -> new LinkedHashSet<>())
        .addAll(members.stream().map(Node::id).toList());
    return new Group(members);
  }

  /** Adds a task that takes no other task's result. */
  public <A, R> Task<R> task(String id, Class<A> api, Functions.Func1<A, R> call) {
    return add(new Task<>(full(id), defaults, Kind.ACTIVITY, () -> RecordedCall.of(id, api, call)));
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
    return this.<X, R>mapped(
            id, items::value, item -> RecordedCall.of(id, api, a -> call.apply(a, item)))
        .after(items);
  }

  /** Adds one activity an item of another task's list; each also takes a third task's result. */
  public <A, X, Y, R> Mapped<X, R> map(
      String id,
      Handle<List<X>> items,
      Handle<Y> shared,
      Class<A> api,
      Functions.Func3<A, X, Y, R> call) {
    return this.<A, X, R>map(id, items, api, (a, item) -> call.apply(a, item, shared.value()))
        .after(shared);
  }

  /** Adds one activity an item of a list. */
  public <A, X, R> Mapped<X, R> map(
      String id, List<X> items, Class<A> api, Functions.Func2<A, X, R> call) {
    return mapped(id, () -> items, item -> RecordedCall.of(id, api, a -> call.apply(a, item)));
  }

  /**
   * Adds one child run an item, at most 500: a mapped group of tasks, each going its way without
   * waiting for the others.
   */
  public <W, X, R> Mapped<X, R> mapRuns(
      String id, Handle<List<X>> items, Class<W> workflow, Functions.Func2<W, X, R> call) {
    return this.<X, R>mapped(
            id,
            items::value,
            item -> RecordedCall.ofRun(Kind.CHILD, id, workflow, w -> call.apply(w, item)))
        .asRuns()
        .after(items);
  }

  /** Adds a child run, which has its own history, retries and page in the Web UI. */
  public <W, R> Task<R> child(String id, Class<W> workflow, Functions.Func1<W, R> call) {
    return add(ofRun(Kind.CHILD, id, workflow, call));
  }

  /** Adds a child run that takes another task's result. */
  public <W, X, R> Task<R> child(
      String id, Class<W> workflow, Handle<X> input, Functions.Func2<W, X, R> call) {
    return this.<W, R>child(id, workflow, child -> call.apply(child, input.value())).after(input);
  }

  /**
   * Starts a run and does not wait for it, as Airflow's {@code TriggerDagRunOperator}; it outlives
   * this one.
   *
   * @return a task whose value is the run's id
   */
  public <W> Task<String> trigger(String id, Class<W> workflow, Functions.Func1<W, ?> call) {
    return add(ofRun(Kind.TRIGGER, id, workflow, call));
  }

  /** Adds a task that chooses by id which of the tasks right below it runs. */
  public <X> Branch branch(String id, Handle<X> input, Functions.Func1<? super X, String> choice) {
    return branchAll(id, input, value -> List.of(choice.apply(value)));
  }

  /** Adds a task that chooses by their ids which of the tasks right below it run; none is fine. */
  public <X> Branch branchAll(
      String id, Handle<X> input, Functions.Func1<? super X, ? extends Collection<String>> choice) {
    return add(new Branch(full(id), defaults, () -> choice.apply(input.value()))).after(input);
  }

  /** Adds a task below which the run goes on only if a condition holds. */
  public <X> ShortCircuit shortCircuit(
      String id, Handle<X> input, Functions.Func1<? super X, Boolean> condition) {
    return add(new ShortCircuit(full(id), defaults, () -> condition.apply(input.value())))
        .after(input);
  }

  /**
   * Adds a task below which a scheduled run goes on only if no later one is due: Airflow's {@code
   * LatestOnlyOperator}. A run that a person started always goes on.
   */
  public ShortCircuit latestOnly(String id) {
    return add(new ShortCircuit(full(id), defaults, Admission::isLatest)).respectingRules();
  }

  /** Adds a task that waits until an activity finds what it looks for. */
  public <A, R> Sensor<R> sensor(String id, Class<A> api, Functions.Func1<A, R> poke) {
    return add(new Sensor<>(full(id), defaults, () -> RecordedCall.of(id, api, poke)));
  }

  /** Adds a task that waits for an event from outside, sent as the signal {@code event}. */
  public <T> Event<T> event(String id, Class<T> payload) {
    return add(new Event<>(full(id), defaults, payload));
  }

  /** Adds a gate, where a person decides. */
  public Gate gate(String id) {
    return add(new Gate(full(id), defaults));
  }

  boolean failsOnAnyFailure() {
    return failsOnAnyFailure;
  }

  boolean failsFast() {
    return failsFast;
  }

  boolean holdsOnFailure() {
    return holdsOnFailure;
  }

  @Nullable Duration deadline() {
    return deadline;
  }

  /** For tests: stops the run at a shorter history than the server allows. */
  Dag maxEvents(long events) {
    maxEvents = events;
    return this;
  }

  /** A run with more events is stopped: the server would end it. */
  long maxEvents() {
    return maxEvents;
  }

  Duration cancelGrace() {
    return cancelGrace;
  }

  /** The ids of each group's tasks, by the group's id. */
  Map<String, Set<String>> groups() {
    return groups;
  }

  Map<String, Node<?, ?>> nodes() {
    return nodes;
  }

  private <X, R> Mapped<X, R> mapped(
      String id, Functions.Func<List<X>> items, Functions.Func1<X, RecordedCall> call) {
    return add(new Mapped<>(full(id), defaults, items, call));
  }

  private <W, R> Task<R> ofRun(
      Kind kind, String id, Class<W> workflow, Functions.Func1<W, ?> call) {
    return new Task<>(full(id), defaults, kind, () -> RecordedCall.ofRun(kind, id, workflow, call));
  }

  private String full(String id) {
    return prefix + id;
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
}
