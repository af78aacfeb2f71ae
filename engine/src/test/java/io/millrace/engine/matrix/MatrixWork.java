package io.millrace.engine.matrix;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** What every task does. */
@ActivityInterface
public interface MatrixWork {

  /**
   * Does what the test says.
   *
   * @param call {@code key|input=value;...}; begins with {@link MatrixDag#AUTOMATIC} if it succeeds
   *     at once
   */
  @ActivityMethod(name = "MatrixAct")
  Integer act(String call);
}
