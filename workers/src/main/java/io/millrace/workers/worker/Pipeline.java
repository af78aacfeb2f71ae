package io.millrace.workers.worker;

import io.millrace.workflows.tuning.TuneHyperparametersImpl;
import java.util.List;

/**
 * A DAG that can be started.
 *
 * @param name its workflow type
 * @param implementation the workflow class
 * @param cron when its Schedule starts it, UTC
 * @param summary one line about what it does
 */
public record Pipeline(String name, Class<?> implementation, String cron, String summary) {
  /** The queue of all workflows and of activities that mostly wait. */
  public static final String TASK_QUEUE = "millrace";

  /** The queue of activities that compute. */
  public static final String TRAINING_QUEUE = "millrace-training";

  /** Every DAG. */
  public static final List<Pipeline> ALL = List.of();

  /** Workflows that DAGs start, and people do not. */
  static final List<Class<?>> CHILDREN = List.of(TuneHyperparametersImpl.class);
}
