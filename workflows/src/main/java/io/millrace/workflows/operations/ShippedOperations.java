package io.millrace.workflows.operations;

import io.millrace.engine.Dag;
import io.millrace.engine.Policy;
import io.millrace.engine.Task;
import io.millrace.engine.Upstream;
import io.millrace.engine.asset.Asset;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Duration;

/**
 * How the shipped DAGs use pools, assets, alerts and {@code latest_only}, in one place.
 *
 * <p>A run that began before they did continues without them, so that stored histories replay.
 */
public final class ShippedOperations {
  /** Limits how many tasks read or write much of the warehouse at once, over all runs. */
  public static final String WAREHOUSE_POOL = "warehouse";

  /**
   * Slots of {@link #WAREHOUSE_POOL} while no operator has set another number; below the worker's
   * default of 10 connections. Each task takes one, so that any number of slots is enough.
   */
  public static final int WAREHOUSE_SLOTS = 8;

  private static final String CHANGE = "pool, assets, alerts, latest only";
  private static final String EXPERIMENT = "one experiment for a model";
  private static final String LATEST_ONLY = "latest_only";

  private final boolean used;

  private ShippedOperations(boolean used) {
    this.used = used;
  }

  /**
   * Those of the current run; outside of a run, where a DAG is only described, those of a new one.
   */
  public static ShippedOperations ofCurrentRun() {
    return new ShippedOperations(
        !WorkflowUnsafe.isWorkflowThread()
            || Workflow.getVersion(CHANGE, Workflow.DEFAULT_VERSION, 1) == 1);
  }

  /** Whether a model's trainings share an experiment in MLflow; those of earlier runs do not. */
  public boolean oneExperimentForAModel() {
    return !WorkflowUnsafe.isWorkflowThread()
        || Workflow.getVersion(EXPERIMENT, Workflow.DEFAULT_VERSION, 1) == 1;
  }

  /** The policy of a task that reads or writes much of the warehouse. */
  public Policy warehouse(Policy policy) {
    return used ? policy.withPool(WAREHOUSE_POOL, 1) : policy;
  }

  /** Alerts {@code notify.default} when a run fails, and once when it takes longer. */
  public void alerts(Dag dag, Duration deadline) {
    if (used) {
      dag.alerts().onFailure().deadline(deadline);
    }
  }

  /** Declares what a task makes. */
  public void outlet(Task<?> task, Asset asset) {
    if (used) {
      task.outlet(asset);
    }
  }

  /**
   * What the first tasks of a DAG come after whose work is about the present, whatever its data
   * interval: all of a run for a past date is skipped, so that a backfill shows that it did
   * nothing.
   */
  public Upstream[] latestOnly(Dag dag) {
    return used ? new Upstream[] {dag.latestOnly(LATEST_ONLY)} : new Upstream[0];
  }
}
