package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.DagWorkers;
import io.millrace.testing.Waiting;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowClient;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Declarations by several, at the same time and again. */
class AssetDeclareTest {

  private static final String QUEUE = "declarations";
  private static final AssetCondition GRAIN = AssetCondition.of(new Asset("grain"));

  private TestWorkflowEnvironment server;
  private WorkflowClient client;
  private final List<String> started = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void start() {
    server =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(
                    WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(
                            DagWorkers.interceptors().toArray(WorkerInterceptor[]::new))
                        .build())
                .build());
    client = server.getWorkflowClient();
    Worker worker = server.newWorker(QUEUE);
    worker.registerWorkflowImplementationFactory(NotedRun.class, () -> new NotedRun(started::add));
    DagWorkers.registerSystem(worker);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Two projects used to delete each other's consumers. */
  @Test
  void twoProjectsKeepTheirConsumersWhateverTheOtherDeclares() {
    Assets mill = new Assets(client, QUEUE, new AssetOwner("us", "mill"));
    Assets bakery = new Assets(client, QUEUE, new AssetOwner("us", "bakery"));
    mill.declare(List.of(schedule("grind")));
    bakery.declare(List.of(schedule("bake")));
    mill.declare(List.of(schedule("grind")));

    mill.emit(new Asset("grain"), null, "a test");
    Waiting.until(
        "runs", () -> started.stream().sorted().toList(), List.of("bake", "grind")::equals);

    assertThatThrownBy(() -> bakery.declare(List.of(schedule("grind"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The consumer 'grind' exists, but 'us' in the project 'bakery' did not declare it;"
                + " 'us' in the project 'mill' did. Give it another name, or let the other declare"
                + " without it first");
    bakery.declare(List.of());
    assertThat(mill.schedules()).containsExactly(schedule("grind"));
  }

  @Test
  void whoDeclaresTheSameAgainAlsoAtTheSameTimeSendsNothing() {
    List<AssetSchedule> schedules =
        IntStream.range(0, 5).mapToObj(i -> schedule("dag" + i)).toList();
    List<CompletableFuture<List<String>>> declarations = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      declarations.add(
          CompletableFuture.supplyAsync(() -> new Assets(client, QUEUE).declare(schedules)));
    }
    declarations.forEach(
        declaration ->
            assertThat(declaration.join()).containsExactly("dag0", "dag1", "dag2", "dag3", "dag4"));

    for (AssetSchedule schedule : schedules) {
      assertThat(signals(AssetConsumer.id(schedule.dag()))).containsExactly("assign");
    }
    assertThat(signals(AssetShard.id("grain"))).containsExactly("subscribers");
  }

  /** Only an operator can do this; the next declaration repairs what it repairs. */
  @Test
  void aHubThatWasTerminatedIsMadeAgainByTheNextDeclaration() {
    Assets assets = new Assets(client, QUEUE);
    AssetSchedule both =
        new AssetSchedule("both", QUEUE, AssetCondition.all(new Asset("grain"), new Asset("wind")));
    assets.declare(List.of(both));
    assets.declare(List.of(both, schedule("grind")));
    assets.emit(new Asset("grain"), null, "before");
    Waiting.until("runs", () -> List.copyOf(started), List.of("grind")::equals);

    client.newUntypedWorkflowStub(AssetHub.ID).terminate("a test");
    assets.declare(List.of(both));
    assets.emit(new Asset("wind"), null, "after");
    Waiting.until("runs", () -> List.copyOf(started), List.of("grind", "both")::equals);
    assets.emit(new Asset("grain"), null, "after");
    Waiting.until("waiting", assets::waiting, waiting -> waiting.get("both").size() == 1);

    assertThat(started).as("the removed one does not run").containsExactly("grind", "both");
  }

  /** Otherwise the asset or the consumer would hang, with all that waits for it. */
  @Test
  void aMessageThatMakesNoSenseIsDroppedAndTheNextIsTaken() {
    Assets assets = new Assets(client, QUEUE);
    assets.declare(List.of(schedule("grind")));

    client
        .newUntypedWorkflowStub(AssetShard.id("grain"))
        .signal("emit", new AssetMessage.Emission("grain", null, nothing()));
    client
        .newUntypedWorkflowStub(AssetShard.id("grain"))
        .signal(
            "emit",
            new AssetMessage.Emission(
                "grain",
                null,
                List.of(
                    new AssetDelivery.Numbered(
                        0, new AssetEvent("grain", null, "no time", nothing())))));
    client
        .newUntypedWorkflowStub(AssetConsumer.id("grind"))
        .signal("news", new AssetMessage.News("grain", "grind", nothing(), 0, 1, List.of(), 0));
    assets.emit(new Asset("grain"), null, "a test");

    Waiting.until("runs", () -> List.copyOf(started), List.of("grind")::equals);
    assertThat(assets.events()).extracting(AssetEvent::source).containsExactly("a test");
    assertThat(assets.waiting().get("grind")).isEmpty();
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what JSON can have
  private static <T> T nothing() {
    return null;
  }

  private List<String> signals(String workflowId) {
    return client.fetchHistory(workflowId).getEvents().stream()
        .filter(event -> event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED)
        .map(event -> event.getWorkflowExecutionSignaledEventAttributes().getSignalName())
        .toList();
  }

  private static AssetSchedule schedule(String dag) {
    return new AssetSchedule(dag, QUEUE, GRAIN);
  }
}
