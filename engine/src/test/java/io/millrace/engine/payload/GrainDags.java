package io.millrace.engine.payload;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.Summary;
import io.millrace.engine.Task;
import io.temporal.activity.ActivityInterface;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Small DAGs whose values are large. */
public final class GrainDags {

  private GrainDags() {}

  /**
   * What to pass on.
   *
   * @param bytes of the result of the first task
   * @param queue of that task, or empty for the run's own
   * @param label anything
   */
  public record Harvest(int bytes, String queue, String label) {}

  /** How much there was. */
  public record Weighed(int bytes) implements Summary {
    @Override
    public String summary() {
      return bytes + " bytes";
    }
  }

  /** What is done to grain. */
  @ActivityInterface
  public interface GrainActivities {
    String reap(int bytes);

    Weighed weigh(String grain, String label);

    int sweep();

    List<String> sacks(int count, int bytes);

    int spoil(String label);
  }

  /** Grain that does not compress, the same for the same size. */
  public static final class Farm implements GrainActivities {
    @Override
    public String reap(int bytes) {
      return noise(bytes);
    }

    @Override
    public Weighed weigh(String grain, String label) {
      return new Weighed(grain.length());
    }

    @Override
    public int sweep() {
      return 1;
    }

    @Override
    public List<String> sacks(int count, int bytes) {
      return IntStream.range(0, count).mapToObj(i -> i + noise(bytes)).toList();
    }

    @Override
    public int spoil(String label) {
      throw ApplicationFailure.newNonRetryableFailure("Spoiled: " + label, "Spoiled", label);
    }

    private static String noise(int bytes) {
      StringBuilder text = new StringBuilder(bytes);
      new Random(bytes).ints(bytes, 35, 91).forEach(symbol -> text.append((char) symbol));
      return text.toString();
    }
  }

  /** One task passes its result to another; a third has nothing to do with them. */
  @WorkflowInterface
  public interface Bulky extends DagRunOps {
    @WorkflowMethod(name = "bulky")
    RunReport run(@Nullable RawValue params);
  }

  /** The graph of {@link Bulky}. */
  public static final class BulkyImpl extends DagWorkflow<Harvest> implements Bulky {
    @Override
    protected Harvest defaults() {
      return new Harvest(10, "", "");
    }

    @Override
    protected void define(Dag dag, Harvest harvest, DataInterval interval) {
      Policy policy = Policy.DEFAULT.withRetries(2, Duration.ofMillis(100));
      dag.defaults(policy);
      Task<String> reaped =
          dag.task("reap", GrainActivities.class, farm -> farm.reap(harvest.bytes()))
              .policy(harvest.queue().isEmpty() ? policy : policy.withTaskQueue(harvest.queue()));
      dag.task(
          "weigh",
          GrainActivities.class,
          reaped,
          (farm, grain) -> farm.weigh(grain, harvest.label()));
      dag.task("sweep", GrainActivities.class, GrainActivities::sweep);
    }
  }

  /** A hundred large values go out of the run in one step. */
  @WorkflowInterface
  public interface Sacks extends DagRunOps {
    @WorkflowMethod(name = "sacks")
    RunReport run(@Nullable RawValue params);
  }

  /** The graph of {@link Sacks}. */
  public static final class SacksImpl extends DagWorkflow<Harvest> implements Sacks {
    @Override
    protected Harvest defaults() {
      return new Harvest(100_000, "", "");
    }

    @Override
    protected void define(Dag dag, Harvest harvest, DataInterval interval) {
      Task<List<String>> sacks =
          dag.task("fill", GrainActivities.class, farm -> farm.sacks(100, harvest.bytes()));
      dag.map("weigh", sacks, GrainActivities.class, (farm, sack) -> farm.weigh(sack, ""))
          .maxActive(100);
    }
  }

  /** A task that fails with words of its own. */
  @WorkflowInterface
  public interface Spoiling extends DagRunOps {
    @WorkflowMethod(name = "spoiling")
    RunReport run(@Nullable RawValue params);
  }

  /** The graph of {@link Spoiling}. */
  public static final class SpoilingImpl extends DagWorkflow<Harvest> implements Spoiling {
    @Override
    protected Harvest defaults() {
      return new Harvest(0, "", "");
    }

    @Override
    protected void define(Dag dag, Harvest harvest, DataInterval interval) {
      dag.task("spoil", GrainActivities.class, farm -> farm.spoil(harvest.label()));
    }
  }

  /** A question to a person. */
  @WorkflowInterface
  public interface Asking extends DagRunOps {
    @WorkflowMethod(name = "asking")
    RunReport run(@Nullable RawValue params);
  }

  /** The graph of {@link Asking}. */
  public static final class AskingImpl extends DagWorkflow<Harvest> implements Asking {
    @Override
    protected Harvest defaults() {
      return new Harvest(0, "", "");
    }

    @Override
    protected void define(Dag dag, Harvest harvest, DataInterval interval) {
      dag.gate("ask").options("yes", "no");
    }
  }
}
