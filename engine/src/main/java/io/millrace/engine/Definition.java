package io.millrace.engine;

import io.millrace.engine.asset.Asset;
import io.millrace.engine.asset.AssetEvent;
import io.temporal.workflow.Functions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a DAG says of one of its tasks, whichever run it is in.
 *
 * @param <T> the type of its result
 * @param <S> its own type, so that the settings can be chained
 */
abstract sealed class Definition<T, S extends Definition<T, S>> extends Handle<T> permits Node {

  private final String id;
  private final Edges edges = new Edges();
  private final List<AssetEvent> outlets = new ArrayList<>();
  private Policy policy;
  private boolean ownPolicy;
  private boolean setup;
  private boolean failsRun;
  private boolean skipsRun;

  Definition(String id, Policy policy) {
    this.id = id;
    this.policy = policy;
  }

  abstract S self();

  /** Adds tasks or groups that this one comes after, without taking their results. */
  public S after(Upstream... others) {
    for (Upstream other : others) {
      edges.upstream.addAll(other.ends());
    }
    return self();
  }

  /** Sets when the task runs, given how its upstream tasks ended. */
  public S rule(TriggerRule triggerRule) {
    edges.rule(triggerRule);
    return self();
  }

  /**
   * Skips the task unless a condition holds of another task's result; asked when the trigger rule
   * would let it run.
   */
  public <X> S when(Handle<X> input, Functions.Func1<? super X, Boolean> condition) {
    edges.condition(() -> condition.apply(input.value()));
    return after(input);
  }

  /**
   * Makes the task a teardown: it runs when the tasks it comes after have ended, however they
   * ended, also if the run is cancelled or out of time, if a setup has succeeded. It does not count
   * for the run's state. A task between the two waits for the setup, also from far below it.
   *
   * @param setups the tasks whose work this one undoes, as Airflow's {@code as_teardown(setups=)}
   */
  public S teardownOf(Handle<?>... setups) {
    for (Handle<?> handle : setups) {
      edges.setups.addAll(handle.sources());
      handle.sources().forEach(Definition::markSetup);
    }
    return after(setups);
  }

  /**
   * Makes the run fail if this teardown fails, as Airflow's {@code on_failure_fail_dagrun}. Without
   * it, and without {@link Dag#failOnAnyFailure}, a failed teardown is shown and sent to those who
   * are alerted of failures, but does not fail the run.
   */
  public S failRunOnFailure() {
    failsRun = true;
    return self();
  }

  /**
   * Lets the run count as skipped if this task is skipped and the last tasks are, too: for a task
   * that looks whether there is anything to do. A run in which only conditions, gates and sensors
   * have succeeded counts as skipped in any case. See {@link RunReport#skipped}.
   */
  public S skipRunOnSkip() {
    skipsRun = true;
    return self();
  }

  /** Tells those who wait for an asset that the task has made it, when it succeeds. */
  public S outlet(Asset asset) {
    return outlet(asset, null);
  }

  /**
   * The same for a part of an asset.
   *
   * @param partition for example the interval's date
   */
  public S outlet(Asset asset, @Nullable String partition) {
    outlets.add(new AssetEvent(asset.name(), partition, id, Instant.EPOCH));
    return self();
  }

  /** Sets how the task is tried. */
  public S policy(Policy taskPolicy) {
    policy = taskPolicy;
    ownPolicy = true;
    return self();
  }

  final String id() {
    return id;
  }

  Policy policy() {
    return policy;
  }

  /** Whether the policy is the task's own, and not that of the DAG or the group. */
  final boolean hasOwnPolicy() {
    return ownPolicy;
  }

  final Edges edges() {
    return edges;
  }

  final Set<Node<?, ?>> upstream() {
    return edges.upstream;
  }

  final Set<Node<?, ?>> setups() {
    return edges.setups;
  }

  final boolean isTeardown() {
    return !edges.setups.isEmpty();
  }

  /** Whether the run fails with this teardown. */
  final boolean failsRun() {
    return failsRun;
  }

  final boolean skipsRun() {
    return skipsRun;
  }

  private void markSetup() {
    setup = true;
  }

  /** Whether a teardown undoes this task's work. */
  final boolean isSetup() {
    return setup;
  }

  /** What it makes when it succeeds. */
  final List<AssetEvent> outlets() {
    return outlets;
  }
}
