package io.millrace.engine.asset;

/**
 * A DAG that runs when assets have changed. One that shall also run by the clock has a {@code
 * DagSchedule} beside it, as Airflow's {@code AssetOrTimeSchedule}.
 *
 * @param dag the DAG's name
 * @param taskQueue the queue whose workers know it
 * @param condition the assets it waits for since its last run
 * @param byPartition whether each partition is waited for, and run, by itself
 */
public record AssetSchedule(
    String dag, String taskQueue, AssetCondition condition, boolean byPartition) {

  /** Runs when the condition holds, whatever the partitions. */
  public AssetSchedule(String dag, String taskQueue, AssetCondition condition) {
    this(dag, taskQueue, condition, false);
  }

  /** Waits for the same partition of each asset. */
  public AssetSchedule eachPartition() {
    return new AssetSchedule(dag, taskQueue, condition, true);
  }
}
