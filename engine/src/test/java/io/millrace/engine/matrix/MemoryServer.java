package io.millrace.engine.matrix;

import io.millrace.engine.testing.DagTest;
import io.temporal.client.WorkflowClient;

/** A {@link DagTest} in which any number of runs go on. */
final class MemoryServer implements Server {

  private final Executions executions = new Executions();
  private final DagTest test =
      DagTest.of(MatrixDag.Impl.class, MatrixChild.Impl.class)
          .otherwise(args -> executions.act(args.get(0, String.class)));

  MemoryServer() {
    test.run(null); // starts it
  }

  @Override
  public WorkflowClient client() {
    return test.client();
  }

  @Override
  public String taskQueue() {
    return MatrixDag.NAME;
  }

  @Override
  public Executions executions() {
    return executions;
  }

  @Override
  public void close() {
    test.close();
  }
}
