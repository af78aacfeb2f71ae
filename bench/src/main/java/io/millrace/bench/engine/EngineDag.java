package io.millrace.bench.engine;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.Task;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The shapes that the engine is measured with; every task does nothing. */
@WorkflowInterface
public interface EngineDag extends DagRunOps {

  @WorkflowMethod(name = "bench")
  RunReport run(@Nullable RawValue params);

  /** A shape and its size. */
  enum Shape {
    /** {@code size} tasks, each after the one before. */
    CHAIN,
    /** {@code width} chains of {@code size} tasks. */
    CHAINS,
    /** A tree: each task has {@code width} below it, {@code size} levels. */
    TREE,
    /** One task that returns a list of {@code size}, then one task an item. */
    MAP
  }

  /** Local tasks are for work of less than a second. */
  record Params(Shape shape, int size, int width, boolean local) {}

  /** The tasks' work. */
  @ActivityInterface
  interface Noops {
    @ActivityMethod(name = "Noop")
    Integer noop(int number);

    @ActivityMethod(name = "Numbers")
    List<Integer> numbers(int count);
  }

  /** Does nothing, but for noting when the first task of a run began. */
  final class NoopsImpl implements Noops {
    private final AtomicLong firstStart = new AtomicLong();
    private final Queue<Long> starts = new ConcurrentLinkedQueue<>();

    void forget() {
      firstStart.set(0);
      starts.clear();
    }

    /** When each single task began, in milliseconds of the epoch. */
    Queue<Long> starts() {
      return starts;
    }

    /** By {@link System#nanoTime}. */
    long firstStart() {
      return firstStart.get();
    }

    @Override
    public Integer noop(int number) {
      starts.add(System.currentTimeMillis());
      firstStart.compareAndSet(0, System.nanoTime());
      return number;
    }

    @Override
    public List<Integer> numbers(int count) {
      firstStart.compareAndSet(0, System.nanoTime());
      return IntStream.range(0, count).boxed().toList();
    }
  }

  /** Builds the shape. */
  final class Impl extends DagWorkflow<Params> implements EngineDag {
    private static final int MAX_ACTIVE = 200;

    /** A task whose worker was killed begins again after this time. */
    private static final Policy REMOTE = Policy.DEFAULT.withAttemptTimeout(Duration.ofSeconds(10));

    @Override
    protected Params defaults() {
      return new Params(Shape.CHAIN, 1, 1, false);
    }

    @Override
    protected void define(Dag dag, Params params, DataInterval interval) {
      dag.defaults(params.local() ? Policy.DEFAULT.local() : REMOTE);
      switch (params.shape()) {
        case CHAIN -> chain(dag, "t", params.size());
        case CHAINS -> {
          for (int i = 0; i < params.width(); i++) {
            chain(dag, "c%d_t".formatted(i), params.size());
          }
        }
        case TREE -> tree(dag, params);
        case MAP -> {
          // What a local task returns is at most 4 KB.
          dag.defaults(REMOTE);
          Task<List<Integer>> numbers =
              dag.task("make", Noops.class, work -> work.numbers(params.size()));
          dag.defaults(params.local() ? Policy.DEFAULT.local() : REMOTE);
          dag.map("one", numbers, Noops.class, Noops::noop).maxActive(MAX_ACTIVE);
        }
      }
    }

    private static void chain(Dag dag, String prefix, int length) {
      @Nullable Task<Integer> before = null;
      for (int i = 0; i < length; i++) {
        int number = i;
        Task<Integer> task = dag.task(prefix + i, Noops.class, work -> work.noop(number));
        if (before != null) {
          task.after(before);
        }
        before = task;
      }
    }

    private static void tree(Dag dag, Params params) {
      List<Task<Integer>> level = List.of(dag.task("root", Noops.class, work -> work.noop(0)));
      for (int depth = 1; depth < params.size(); depth++) {
        int here = depth;
        List<Task<Integer>> above = level;
        level =
            IntStream.range(0, above.size() * params.width())
                .mapToObj(
                    i ->
                        dag.<Noops, Integer>task(
                                "l%d_%d".formatted(here, i), Noops.class, work -> work.noop(i))
                            .after(above.get(i / params.width())))
                .toList();
      }
    }
  }
}
