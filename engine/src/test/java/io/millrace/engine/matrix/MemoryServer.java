package io.millrace.engine.matrix;

import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.StandingClock;
import io.temporal.client.WorkflowClient;

/**
 * A {@link DagTest} in which any number of runs go on. No time is skipped: each wait for a run's
 * end would skip up to ten years, and after some hundred years durations overflow in the SDK.
 */
final class MemoryServer implements Server {

  private final Executions executions = new Executions();
  private final DagTest test =
      DagTest.of(MatrixDag.Impl.class, MatrixChild.Impl.class)
          .otherwise(args -> executions.act(args.get(0, String.class)));

  private final WorkflowClient client = StandingClock.client(test.client());

  MemoryServer() {
    test.run(null); // starts it
  }

  @Override
  public WorkflowClient client() {
    return client;
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
