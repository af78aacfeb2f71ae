package io.millrace.engine.toys;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.RunReport;
import io.millrace.engine.testing.DagTest;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A DAG whose graph the test writes down. */
@WorkflowInterface
public interface AnyDag extends DagRunOps {
  @WorkflowMethod(name = "any")
  RunReport run(@Nullable RawValue params);

  /** What its tasks can do; a test fakes each. */
  @ActivityInterface
  interface Work {
    @ActivityMethod(name = "Do")
    Integer act();

    @ActivityMethod(name = "DoWith")
    Integer actWith(Integer input);

    @ActivityMethod(name = "Items")
    List<Integer> items();

    @ActivityMethod(name = "Pair")
    Integer both(List<Integer> pair);
  }

  /** What returns large values. */
  @ActivityInterface
  interface Text {
    @ActivityMethod(name = "Text")
    String text();

    @ActivityMethod(name = "Length")
    Integer length(String text);
  }

  /** What keeps numbers exact. */
  @ActivityInterface
  interface Exact {
    @ActivityMethod(name = "Exact")
    BigDecimal exact(BigDecimal number);

    @ActivityMethod(name = "Amount")
    Amount amount(Amount amount);

    @ActivityMethod(name = "Amounts")
    List<Amount> amounts(List<Amount> amounts);
  }

  /**
   * A record with a number of many digits.
   *
   * @param value any
   */
  record Amount(BigDecimal value) {}

  /** It has none. */
  record None() {}

  /** Builds what the last test has set. */
  final class Impl extends DagWorkflow<None> implements AnyDag {
    private static final AtomicReference<Consumer<Dag>> GRAPH = new AtomicReference<>(dag -> {});

    @Override
    protected None defaults() {
      return new None();
    }

    @Override
    protected void define(Dag dag, None params, DataInterval interval) {
      GRAPH.get().accept(dag);
    }
  }

  /** A test of a graph whose tasks return 1 unless they are faked otherwise. */
  static DagTest of(Consumer<Dag> graph) {
    Impl.GRAPH.set(graph);
    return DagTest.of(Impl.class).otherwise(args -> 1);
  }

  /** Changes the graph, as a deployment of new code does. */
  static void redefine(Consumer<Dag> graph) {
    Impl.GRAPH.set(graph);
  }
}
