package io.millrace.workers.worker;

import io.millrace.engine.asset.AssetCondition;
import io.millrace.engine.asset.AssetOwner;
import io.millrace.engine.asset.AssetSchedule;
import io.millrace.engine.schedule.DagSchedule;
import io.millrace.engine.schedule.Timetable;
import io.millrace.workflows.features.Materialize;
import io.millrace.workflows.features.MaterializeImpl;
import io.millrace.workflows.jobs.FlinkDeploy;
import io.millrace.workflows.jobs.FlinkDeployImpl;
import io.millrace.workflows.jobs.FlinkSavepoint;
import io.millrace.workflows.jobs.FlinkSavepointImpl;
import io.millrace.workflows.lake.LakeCompaction;
import io.millrace.workflows.lake.LakeCompactionImpl;
import io.millrace.workflows.operations.ShippedAssets;
import io.millrace.workflows.operations.ShippedOperations;
import io.millrace.workflows.serving.LoadPredictions;
import io.millrace.workflows.serving.LoadPredictionsImpl;
import io.millrace.workflows.training.TrainingPipelineImpl;
import io.millrace.workflows.tuning.TuneHyperparametersImpl;
import io.millrace.workflows.warehouse.DataPipelineImpl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A DAG that can be started.
 *
 * @param name its workflow type
 * @param implementation the workflow class
 * @param schedule when it starts by itself, once `millrace schedules apply` has been called
 * @param summary one line about what it does
 * @param assets the assets that start it, too, or null for the clock alone
 */
public record Pipeline(
    String name,
    Class<?> implementation,
    DagSchedule schedule,
    String summary,
    @Nullable AssetCondition assets) {

  /** A DAG that only the clock starts. */
  public Pipeline(String name, Class<?> implementation, DagSchedule schedule, String summary) {
    this(name, implementation, schedule, summary, null);
  }

  /** The queue of all workflows and of activities that mostly wait. */
  public static final String TASK_QUEUE = "millrace";

  /** The queue of activities that compute. */
  public static final String TRAINING_QUEUE = "millrace-training";

  /**
   * The queue of what lives for months: pools, the asset hub, the watch over the schedules. Its
   * workers have no version, so that new code takes them over.
   */
  public static final String SYSTEM_QUEUE = "millrace-system";

  /** Who declares the consumers of assets: the owner and project of the schedules. */
  public static final AssetOwner OWNER = new AssetOwner(AssetOwner.DEFAULT, TASK_QUEUE);

  /** The queues that our workers poll. */
  public static final List<String> QUEUES = List.of(TASK_QUEUE, TRAINING_QUEUE, SYSTEM_QUEUE);

  /** What our workers are versions of. */
  public static final String DEPLOYMENT = "millrace";

  /** The DAG from the lake to the warehouse. */
  public static final String DATA = "data_pipeline";

  /** The DAG from the warehouse to a registered model. */
  public static final String TRAINING = "training_pipeline";

  /** The DAG from the warehouse to the online store. */
  public static final String MATERIALIZE = Materialize.NAME;

  /** The DAG that keeps the lake's objects few. */
  public static final String COMPACTION = LakeCompaction.NAME;

  /** The DAG from logged predictions to the warehouse. */
  public static final String LOAD_PREDICTIONS = LoadPredictions.NAME;

  /** The DAG that replaces streaming jobs. */
  public static final String DEPLOY = FlinkDeploy.NAME;

  /** The DAG that takes savepoints of streaming jobs. */
  public static final String SAVEPOINT = FlinkSavepoint.NAME;

  /** Every DAG. */
  public static final List<Pipeline> ALL =
      List.of(
          new Pipeline(
              DATA,
              DataPipelineImpl.class,
              DagSchedule.hourly(DATA),
              "new lake objects to bronze, silver and gold, checked"),
          new Pipeline(
              TRAINING,
              TrainingPipelineImpl.class,
              DagSchedule.weekly(TRAINING),
              "gold to a tuned, evaluated, gated and registered model"),
          new Pipeline(
              MATERIALIZE,
              MaterializeImpl.class,
              new DagSchedule(MATERIALIZE, Timetable.cron("30 * * * *")),
              "gold's features to the online store, beside the live job",
              // The clock as well, in case an event is missed.
              AssetCondition.of(ShippedAssets.GOLD_EVENTS)),
          new Pipeline(
              COMPACTION,
              LakeCompactionImpl.class,
              new DagSchedule(COMPACTION, Timetable.cron("45 3 * * *")),
              "many small lake objects to few large ones, and retention"),
          new Pipeline(
              LOAD_PREDICTIONS,
              LoadPredictionsImpl.class,
              new DagSchedule(LOAD_PREDICTIONS, Timetable.cron("10 * * * *")),
              "logged predictions to the warehouse"),
          new Pipeline(
              DEPLOY,
              FlinkDeployImpl.class,
              // Somebody decides; paused, it never comes by itself.
              DagSchedule.weekly(DEPLOY).createdPaused(),
              "streaming jobs to another build, watched, and back if unwell"),
          new Pipeline(
              SAVEPOINT,
              FlinkSavepointImpl.class,
              new DagSchedule(SAVEPOINT, Timetable.cron("15 2 * * *")).createdPaused(),
              "savepoints of the streaming jobs, the newest kept"));

  /** The slots of each pool while no operator has set another number. */
  public static final Map<String, Integer> POOLS =
      Map.of(ShippedOperations.WAREHOUSE_POOL, ShippedOperations.WAREHOUSE_SLOTS);

  /** Workflows that DAGs start, and people do not. */
  public static final List<Class<?>> CHILDREN = List.of(TuneHyperparametersImpl.class);

  /** The DAGs that assets start. */
  public static List<AssetSchedule> assetSchedules() {
    return ALL.stream()
        .flatMap(
            pipeline -> {
              AssetCondition assets = pipeline.assets();
              return assets == null
                  ? Stream.empty()
                  : Stream.of(new AssetSchedule(pipeline.name(), TASK_QUEUE, assets));
            })
        .toList();
  }

  /** Finds a DAG by its name. */
  public static Optional<Pipeline> named(String name) {
    return ALL.stream().filter(pipeline -> pipeline.name().equals(name)).findFirst();
  }
}
