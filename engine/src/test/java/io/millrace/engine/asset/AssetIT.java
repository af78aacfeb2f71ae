package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.toys.RealServer;
import io.millrace.testing.Waiting;
import io.temporal.activity.ActivityInterface;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.RawValue;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A producer, a consumer and an outside system, on a real server. */
class AssetIT {

  private static final Asset ORDERS = new Asset("orders");
  private static final Asset PRICES = new Asset("prices");
  private static final String QUEUE = "assets";

  private static final WorkflowClient client = RealServer.client();
  private static WorkerFactory factory;
  private static final WorkImpl WORK = new WorkImpl();

  /** What the toys do. */
  @ActivityInterface
  public interface Work {
    Integer make(boolean fail);

    Integer note(List<String> assets);
  }

  /** Keeps what consumers were told. */
  static final class WorkImpl implements Work {
    private final List<List<String>> noted = new CopyOnWriteArrayList<>();

    @Override
    public Integer make(boolean fail) {
      if (fail) {
        throw io.temporal.failure.ApplicationFailure.newNonRetryableFailure("no", "Broken");
      }
      return 1;
    }

    @Override
    public Integer note(List<String> assets) {
      noted.add(assets);
      return assets.size();
    }
  }

  /** Makes orders. */
  @WorkflowInterface
  public interface Producer extends DagRunOps {
    @WorkflowMethod(name = "producer")
    RunReport run(@Nullable RawValue params);
  }

  record Params(boolean fail) {}

  /** One task with an outlet. */
  public static final class ProducerImpl extends DagWorkflow<Params> implements Producer {
    @Override
    protected Params defaults() {
      return new Params(false);
    }

    @Override
    protected void define(Dag dag, Params params, DataInterval interval) {
      dag.<Work, Integer>task("make", Work.class, work -> work.make(params.fail()))
          .outlet(ORDERS, "today");
    }
  }

  /** Needs orders and prices. */
  @WorkflowInterface
  public interface Consumer extends DagRunOps {
    @WorkflowMethod(name = "consumer")
    RunReport run(@Nullable RawValue params);
  }

  /** Notes what it was started for. */
  public static final class ConsumerImpl extends DagWorkflow<Params> implements Consumer {
    @Override
    protected Params defaults() {
      return new Params(false);
    }

    @Override
    protected void define(Dag dag, Params params, DataInterval interval) {
      List<String> reasons =
          triggeringEvents().stream().map(event -> event.asset() + "@" + event.source()).toList();
      dag.task("note", Work.class, work -> work.note(reasons))
          .policy(RealServer.mortal(Policy.DEFAULT));
    }
  }

  @BeforeAll
  static void start() {
    startWorker();
  }

  private static void startWorker() {
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(QUEUE, DagWorkers.options(8));
    DagWorkers.register(worker, ProducerImpl.class, ConsumerImpl.class);
    worker.registerActivitiesImplementations(WORK);
    factory.start();
  }

  @AfterAll
  static void stop() {
    factory.shutdownNow();
  }

  @Test
  void aConsumerRunsOnceWhenAllThatItNeedsWasMadeAlsoAcrossAKilledWorker() throws Exception {
    Assets assets = new Assets(client, QUEUE);
    DagRuns runs = new DagRuns(client, QUEUE);
    assets.declare(
        List.of(new AssetSchedule("consumer", QUEUE, AssetCondition.all(ORDERS, PRICES))));

    runs.await(runs.trigger("producer", new Params(true)), Waiting.LIMIT);
    String producer = runs.trigger("producer", null);
    runs.await(producer, Waiting.LIMIT);
    assertThat(assets.waiting().get("consumer"))
        .singleElement()
        .returns("orders", AssetEvent::asset)
        .returns("today", AssetEvent::partition)
        .returns(producer + "/make", AssetEvent::source);

    factory.shutdownNow();
    assets.emit(PRICES, null, "a price feed");
    startWorker();

    await()
        .untilAsserted(
            () ->
                assertThat(WORK.noted)
                    .containsExactly(
                        List.of("orders@" + producer + "/make", "prices@a price feed")));
    assertThat(assets.waiting().getOrDefault("consumer", List.of())).isEmpty();
  }
}
