package io.millrace.workers.cli.toys;

import io.millrace.engine.Dag;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Mapped;
import io.millrace.engine.Policy;
import io.millrace.engine.Task;
import java.time.Duration;
import java.util.List;

/** The graph of {@link Mill}. */
public final class MillImpl extends DagWorkflow<Mill.Order> implements Mill {

  @Override
  protected Order defaults() {
    return new Order(3, true, false);
  }

  @Override
  protected void define(Dag dag, Order order, DataInterval interval) {
    dag.defaults(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)));
    Task<List<Integer>> sacks =
        dag.task("list_sacks", Work.class, work -> work.listSacks(order.sacks()));
    Mapped<Integer, Integer> ground = dag.map("grind", sacks, Work.class, Work::grind);
    var answer =
        order.asks()
            ? dag.gate("ship").options("now", "later").after(ground)
            : ground.derive(list -> "now");
    Task<String> load = dag.task("load_cart", Work.class, answer, Work::loadCart);
    if (order.cart()) {
      Task<String> unused = load.after(dag.event("cart_arrives", String.class));
    }
  }
}
