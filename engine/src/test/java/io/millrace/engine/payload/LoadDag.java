package io.millrace.engine.payload;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.Task;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A task whose values have a size, with a setup, a teardown and an alert around it. */
@WorkflowInterface
public interface LoadDag extends DagRunOps {

  @WorkflowMethod(name = "load")
  RunReport run(@Nullable RawValue params);

  /** Where the large value is. */
  enum Kind {
    RESULT,
    LOCAL_RESULT,
    ARGUMENT,
    LOCAL_ARGUMENT,
    HEARTBEAT,
    MESSAGE,
    DETAILS
  }

  /**
   * What to load.
   *
   * @param count of tasks at the same time
   * @param bytes of each value
   */
  record Load(Kind kind, int count, int bytes) {}

  /** What the tasks do. */
  @ActivityInterface
  interface Loading {
    @ActivityMethod(name = "Up")
    int up();

    @ActivityMethod(name = "Give")
    String give(int bytes);

    @ActivityMethod(name = "Take")
    int take(String value, int place);

    @ActivityMethod(name = "Beat")
    int beat(int bytes);

    @ActivityMethod(name = "Break")
    int breakDown(Kind kind, int bytes);

    @ActivityMethod(name = "Down")
    int down();
  }

  /** The graph. */
  final class Impl extends DagWorkflow<Load> implements LoadDag {
    @Override
    protected Load defaults() {
      return new Load(Kind.RESULT, 1, 1);
    }

    @Override
    protected void define(Dag dag, Load load, DataInterval interval) {
      dag.alerts().onFailure("chat");
      Policy policy = Policy.DEFAULT.withRetries(1, Duration.ofMillis(100));
      Task<Integer> up = dag.task("up", Loading.class, Loading::up);
      var work =
          dag.map(
                  "work",
                  IntStream.range(0, load.count()).boxed().toList(),
                  Loading.class,
                  (loading, place) -> call(loading, load, place))
              .maxActive(load.count())
              .policy(
                  load.kind().name().startsWith("LOCAL")
                      ? policy.local()
                      : policy.withHeartbeat(Duration.ofMinutes(1)))
              .after(up);
      dag.task("down", Loading.class, Loading::down).after(work).teardownOf(up);
    }

    private static Object call(Loading loading, Load load, int place) {
      return switch (load.kind()) {
        case RESULT, LOCAL_RESULT -> loading.give(load.bytes());
        case ARGUMENT, LOCAL_ARGUMENT -> loading.take(noise(load.bytes()), place);
        case HEARTBEAT -> loading.beat(load.bytes());
        case MESSAGE, DETAILS -> loading.breakDown(load.kind(), load.bytes());
      };
    }
  }

  /** Does it, all tasks at the same time. */
  final class Work implements Loading {
    private final CountDownLatch all;

    Work(Load load) {
      this.all = new CountDownLatch(load.count());
      String unused = noise(load.bytes());
    }

    @Override
    public int up() {
      return 1;
    }

    @Override
    public String give(int bytes) {
      awaitOthers();
      return noise(bytes);
    }

    @Override
    public int take(String value, int place) {
      return value.length();
    }

    @Override
    public int beat(int bytes) {
      awaitOthers();
      Activity.getExecutionContext().heartbeat(noise(bytes));
      return 1;
    }

    @Override
    public int breakDown(Kind kind, int bytes) {
      if (kind == Kind.MESSAGE) {
        throw new IllegalStateException("scales " + noise(bytes), new RuntimeException("cause"));
      }
      throw ApplicationFailure.newFailure("scales", "Broken", noise(bytes));
    }

    @Override
    public int down() {
      return 1;
    }

    /** Needs a worker with a thread for each. */
    private void awaitOthers() {
      all.countDown();
      try {
        all.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Text that hardly compresses, the same for the same size. */
  static String noise(int bytes) {
    return Noise.OF_SIZE.computeIfAbsent(bytes, Noise::make);
  }

  /** Kept, as workflow code has no time to make megabytes of it. */
  final class Noise {
    private static final Map<Integer, String> OF_SIZE = new ConcurrentHashMap<>();

    private Noise() {}

    private static String make(int bytes) {
      StringBuilder text = new StringBuilder(bytes);
      new Random(bytes).ints(bytes, 93, 125).forEach(symbol -> text.append((char) symbol));
      return text.toString();
    }
  }
}
