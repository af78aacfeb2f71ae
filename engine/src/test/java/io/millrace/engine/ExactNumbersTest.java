package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.DecimalNode;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Amount;
import io.millrace.engine.toys.AnyDag.Exact;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every path that carries a value keeps all digits of its numbers. */
class ExactNumbersTest {

  private static final BigDecimal LONG = new BigDecimal("1234567890.12345678901234567890");
  private static final Policy ONCE = Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1));

  private final Queue<BigDecimal> seen = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean broken = new AtomicBoolean(true);
  private final DagTest test =
      AnyDag.of(dag -> {})
          .fake("load", args -> args.get(0, Amount.class))
          .fake(
              "below",
              args -> {
                if (broken.get()) {
                  return FlowTest.fail("x");
                }
                for (Object item : args.get(0, List.class, AMOUNTS)) {
                  seen.add(((Amount) item).value());
                }
                return List.of();
              });

  private static final java.lang.reflect.Type AMOUNTS =
      new com.fasterxml.jackson.core.type.TypeReference<List<Amount>>() {}.getType();

  @AfterEach
  void stop() {
    test.close();
  }

  private static void pipeline(Dag dag, int items) {
    dag.holdOnFailure().defaults(ONCE);
    Mapped<Amount, Amount> load =
        dag.map("load", Collections.nCopies(items, new Amount(LONG)), Exact.class, Exact::amount);
    dag.task("below", Exact.class, load, Exact::amounts);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 501})
  void throughMapsOfAnySizeAndThroughARerun(int items) {
    AnyDag.redefine(dag -> pipeline(dag, items));
    test.start(null).awaitState("below", NodeState.FAILED);
    test.stub().update("release", String.class, new DagRunOps.Hold(null, "ana", ""));
    String former = test.await().runId();
    broken.set(false);
    int before = test.calls().size();

    RunReport report = test.run(Map.of("$run", Map.of("rerunOf", former)));

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(test.calls().subList(before, test.calls().size())).containsExactly("below");
    assertThat(seen).hasSize(items).containsOnly(LONG);
  }

  @Test
  void throughEditedArgumentsMarksAndEvents() {
    Queue<BigDecimal> got = new ConcurrentLinkedQueue<>();
    AnyDag.redefine(
        dag -> {
          dag.holdOnFailure().defaults(ONCE);
          Task<BigDecimal> edited = dag.task("edited", Exact.class, w -> w.exact(BigDecimal.ONE));
          Task<BigDecimal> marked = dag.task("marked", Exact.class, edited, Exact::exact);
          Event<BigDecimal> event = dag.event("landed", BigDecimal.class).after(marked);
          dag.task("a", Exact.class, marked, Exact::exact).after(event);
          dag.task("b", Exact.class, event, Exact::exact);
        });
    test.fake(
            "edited",
            args -> {
              BigDecimal value = args.get(0, BigDecimal.class);
              return value.compareTo(BigDecimal.ONE) == 0 ? FlowTest.fail("x") : value;
            })
        .fake("marked", args -> got.add(args.get(0, BigDecimal.class)) ? FlowTest.fail("x") : null)
        .fake("a", args -> got.add(args.get(0, BigDecimal.class)) ? 1 : 0)
        .fake("b", args -> got.add(args.get(0, BigDecimal.class)) ? 1 : 0)
        .start(null)
        .awaitState("edited", NodeState.FAILED);
    DecimalNode exact = DecimalNode.valueOf(LONG);
    test.stub()
        .update(
            "clear",
            List.class,
            new DagRunOps.Clear(List.of("edited"), false, null, false, List.of(exact), "ana", ""));
    test.awaitState("marked", NodeState.FAILED);
    test.stub()
        .update("mark", String.class, new DagRunOps.Mark("marked", "success", exact, "ana", ""));
    test.stub().signal("event", new DagRunOps.ExternalEvent("landed", exact));

    assertThat(test.await().state()).isEqualTo(RunState.SUCCESS);
    assertThat(got).hasSize(3).containsOnly(LONG);
  }
}
