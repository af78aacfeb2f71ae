package io.millrace.engine.matrix;

import io.temporal.client.WorkflowClient;

/** Where the runs of a matrix run: in memory or on a real server. */
interface Server extends AutoCloseable {

  WorkflowClient client();

  /** The queue of the worker that knows {@link MatrixDag}. */
  String taskQueue();

  /** What its activities do. */
  Executions executions();

  @Override
  void close();
}
