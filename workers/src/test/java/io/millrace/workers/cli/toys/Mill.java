package io.millrace.workers.cli.toys;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.RunReport;
import io.temporal.activity.ActivityInterface;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Grinds sacks, asks the miller, and loads the cart. */
@WorkflowInterface
public interface Mill extends DagRunOps {

  /** The DAG's name. */
  String NAME = "mill";

  @WorkflowMethod(name = NAME)
  RunReport run(@Nullable RawValue params);

  /**
   * What to do.
   *
   * @param sacks how many
   * @param asks whether the miller is asked
   * @param cart whether it waits for a cart
   */
  record Order(int sacks, boolean asks, boolean cart) {
    public Order {
      if (sacks < 1) {
        throw new IllegalArgumentException("sacks must be 1 or more, not " + sacks);
      }
    }
  }

  /** What it takes. */
  @ActivityInterface
  interface Work {
    List<Integer> listSacks(int count);

    int grind(int sack);

    String loadCart(String answer);
  }
}
