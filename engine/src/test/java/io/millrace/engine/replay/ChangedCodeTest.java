package io.millrace.engine.replay;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Dag;
import io.millrace.engine.MapChunkRun;
import io.millrace.engine.NodeState;
import io.millrace.engine.Policy;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.testing.HistoryReplay;
import io.millrace.engine.toys.AnyDag;
import io.temporal.activity.ActivityInterface;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run waits at a gate; its code changes; its history is replayed on the new code. */
public class ChangedCodeTest {

  @TempDir private Path folder;

  /** Tasks that take records. */
  @ActivityInterface(namePrefix = "Rec_")
  public interface Records {
    Integer old(Old order);

    Integer price(BigDecimal price);

    Integer any(Object value);
  }

  record Old(int id) {}

  record New(int id, String note) {}

  record Marks(Set<String> marks) {}

  record Other(String colour) {}

  /** A child run that takes a number. */
  @WorkflowInterface
  public interface Sub {
    @WorkflowMethod(name = "sub")
    Integer run(Integer number);

    /** Returns it. */
    final class Impl implements Sub {
      @Override
      public Integer run(Integer number) {
        return number;
      }
    }
  }

  private static void local(Dag dag) {
    dag.defaults(Policy.DEFAULT.local());
  }

  private static void task(Dag dag, String id, int input) {
    dag.task(id, AnyDag.Work.class, work -> work.actWith(input));
  }

  private static void any(Dag dag, Object value) {
    dag.task("a", Records.class, work -> work.any(value));
  }

  private static void map(Dag dag, List<Integer> items) {
    dag.map("load", items, AnyDag.Work.class, AnyDag.Work::actWith);
  }

  private static List<Integer> numbers(int count, int last) {
    return IntStream.range(0, count).map(i -> i == count - 1 ? last : i).boxed().toList();
  }

  private static void children(Dag dag, int more) {
    dag.mapRuns(
        "subs",
        dag.task("items", AnyDag.Work.class, AnyDag.Work::items),
        Sub.class,
        (sub, item) -> sub.run(item + more));
  }

  @SuppressWarnings("ImmutableEnumChecker") // what the graphs capture does not change
  private enum Change {
    SWAPPED_TASKS(
        dag -> {
          task(dag, "a", 1);
          task(dag, "b", 1);
        },
        dag -> {
          task(dag, "b", 1);
          task(dag, "a", 1);
        },
        "'work.a'",
        "'work.b'"),
    OTHER_ARGUMENT(dag -> task(dag, "a", 1), dag -> task(dag, "a", 2), "[1]", "[2]"),
    OTHER_DIGITS(
        dag -> dag.task("a", Records.class, w -> w.price(new BigDecimal("1.12345678901234567890"))),
        dag -> dag.task("a", Records.class, w -> w.price(new BigDecimal("1.12345678901234567891"))),
        "1.1234567890123456789]",
        "1.12345678901234567891]"),
    OTHER_FIELDS(
        dag -> any(dag, new Old(1)), dag -> any(dag, new Other("red")), "\"id\":1", "\"colour\""),
    OTHER_ORDER(
        dag -> any(dag, List.of(1, 2)), dag -> any(dag, List.of(2, 1)), "[[1,2]]", "[[2,1]]"),
    OTHER_ITEMS(dag -> map(dag, List.of(10, 20)), dag -> map(dag, List.of(20, 10)), "[10]", "[20]"),
    OTHER_ITEM_OF_501(
        dag -> map(dag, numbers(501, 7)),
        dag -> map(dag, numbers(501, 8)),
        "work.load[500..500]",
        "items[0].args[0]"),
    OTHER_CHILD_ARGUMENT(
        dag -> dag.child("c", Sub.class, sub -> sub.run(1)),
        dag -> dag.child("c", Sub.class, sub -> sub.run(2)),
        "[1]",
        "[2]"),
    OTHER_CHILD_ITEMS(
        dag -> children(dag, 0),
        dag -> children(dag, 1),
        "'work.subs[0]' with arguments [1]",
        "'work.subs[0]' with arguments [2]"),
    SWAPPED_LOCAL_TASKS(
        dag -> {
          local(dag);
          task(dag, "a", 1);
          task(dag, "b", 1);
        },
        dag -> {
          local(dag);
          task(dag, "b", 1);
          task(dag, "a", 1);
        },
        "'work.a'",
        "'work.b'"),
    OTHER_LOCAL_ARGUMENT(
        dag -> {
          local(dag);
          task(dag, "a", 1);
        },
        dag -> {
          local(dag);
          task(dag, "a", 2);
        },
        "[1]",
        "[2]"),
    OTHER_LOCAL_TYPE(
        dag -> {
          local(dag);
          dag.task("a", AnyDag.Work.class, AnyDag.Work::act);
        },
        dag -> {
          local(dag);
          dag.task("a", AnyDag.Work.class, AnyDag.Work::items);
        },
        "activity 'Do'",
        "activity 'Items'");

    private final Consumer<Dag> before;
    private final Consumer<Dag> after;
    private final String recorded;
    private final String current;

    Change(Consumer<Dag> before, Consumer<Dag> after, String recorded, String current) {
      this.before = before;
      this.after = after;
      this.recorded = recorded;
      this.current = current;
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // what the graphs capture does not change
  private enum Harmless {
    NOTHING(dag -> task(dag, "a", 1), dag -> task(dag, "a", 1)),
    A_FIELD_MORE(dag -> any(dag, new Old(1)), dag -> any(dag, new New(1, "new"))),
    A_FIELD_LESS(dag -> any(dag, new New(1, "gone")), dag -> any(dag, new Old(1))),
    A_SET_IN_ANOTHER_ORDER(dag -> any(dag, List.of("b", "a")), dag -> any(dag, Set.of("a", "b"))),
    THE_SAME_NUMBER(
        dag -> any(dag, new BigDecimal("1.10")), dag -> any(dag, new BigDecimal("1.1"))),
    ITEMS_IN_CHUNKS(dag -> map(dag, numbers(501, 7)), dag -> map(dag, numbers(501, 7))),
    ANOTHER_POLICY_FOR_CHUNKS(
        dag -> map(dag, numbers(501, 7)),
        dag -> {
          dag.defaults(Policy.DEFAULT.withRetries(7, Duration.ofSeconds(2)));
          map(dag, numbers(501, 7));
        }),
    LOCAL_TASKS(
        dag -> {
          local(dag);
          map(dag, numbers(20, 5));
        },
        dag -> {
          local(dag);
          map(dag, numbers(20, 5));
        });

    private final Consumer<Dag> before;
    private final Consumer<Dag> after;

    Harmless(Consumer<Dag> before, Consumer<Dag> after) {
      this.before = before;
      this.after = after;
    }
  }

  /** Runs until the gate asks, and keeps the history of the open run. */
  private void record(Consumer<Dag> graph) {
    AnyDag.redefine(dag -> waiting(dag, graph));
    try (DagTest test = DagTest.of(AnyDag.Impl.class, Sub.Impl.class)) {
      test.otherwise(args -> 1).fake("work.items", args -> List.of(1, 2)).start(null);
      test.awaitState("gate", NodeState.AWAITING_INPUT);
      test.record(folder.resolve("waits.json"));
    }
  }

  private static void waiting(Dag dag, Consumer<Dag> graph) {
    dag.gate("gate").after(dag.group("work", graph::accept));
  }

  private void replay(Consumer<Dag> graph) {
    AnyDag.redefine(dag -> waiting(dag, graph));
    HistoryReplay.replayAll(folder, AnyDag.Impl.class, MapChunkRun.class, Sub.Impl.class);
  }

  @ParameterizedTest
  @EnumSource
  void aChangedTaskIsNamedWithBothSides(Change change) {
    record(change.before);

    assertThatThrownBy(() -> replay(change.after))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("waits.json does not replay on Impl")
        .hasMessageContaining("Non-deterministic change of DAG any: its history has ")
        .hasMessageContaining(change.recorded)
        .hasMessageContaining("where the code now has ")
        .hasMessageContaining(change.current);
  }

  @ParameterizedTest
  @EnumSource
  void aHarmlessChangePasses(Harmless change) {
    record(change.before);

    assertThatCode(() -> replay(change.after)).doesNotThrowAnyException();
  }
}
