package io.millrace.engine.asset;

import io.millrace.engine.deployment.Answers;
import io.millrace.engine.deployment.Together;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Assets from outside a run: declares who waits for what, and emits what others have made. Safe for
 * use by many threads.
 */
public final class Assets {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** A declaration is a few messages to each asset and DAG. */
  private static final Duration DECLARING = Duration.ofMinutes(5);

  /** Events of one message; the server takes 2 MB. */
  private static final int AT_ONCE = 500;

  private static final int MAX_INTRODUCED = 10_000;

  /** Assets that are introduced one by one. */
  private static final int MANY = 10;

  private final WorkflowClient client;
  private final String taskQueue;
  private final AssetOwner owner;
  private final Set<String> introduced = ConcurrentHashMap.newKeySet();
  private final AssetQuestions questions;

  /**
   * Creates a client that declares for {@link AssetOwner#DEFAULT} and for the project that is
   * called as the task queue is.
   *
   * @param taskQueue a queue whose workers were made by {@code DagWorkers}; the hub runs there
   */
  public Assets(WorkflowClient client, String taskQueue) {
    this(client, taskQueue, new AssetOwner(AssetOwner.DEFAULT, taskQueue));
  }

  /**
   * Creates a client.
   *
   * @param owner who declares consumers; those of other owners and projects are left as they are
   */
  public Assets(WorkflowClient client, String taskQueue, AssetOwner owner) {
    this.client = client;
    this.taskQueue = taskQueue;
    this.owner = owner;
    this.questions = new AssetQuestions(client);
  }

  /**
   * Replaces the DAGs of this owner that wait for assets, and starts the hub if there is none.
   * Every event that is emitted after it has returned counts; those from before do not, except for
   * a DAG that was declared already. May be called at any time by many: the last one of each owner
   * stands. Only what has changed is sent to consumers and assets, so that it costs little to call
   * again.
   *
   * @return the DAGs' names
   * @throws IllegalArgumentException if a DAG is named twice
   * @throws IllegalStateException if a DAG is declared by another owner, whom the message names, or
   *     the server refuses its name; in the first case nothing has been changed
   */
  @SuppressWarnings("unchecked") // the update returns strings
  public List<String> declare(List<AssetSchedule> schedules) {
    Set<String> names = new HashSet<>();
    for (AssetSchedule schedule : schedules) {
      if (!names.add(schedule.dag())) {
        throw new IllegalArgumentException(
            "DAG '%s' is declared twice; give it one condition".formatted(schedule.dag()));
      }
    }
    AssetHub hub =
        client.newWorkflowStub(AssetHub.class, AssetCalls.options(AssetHub.ID, taskQueue));
    WorkflowUpdateHandle<List<String>> declaring =
        WorkflowClient.startUpdateWithStart(
            hub::register,
            new AssetDeclaration(owner, schedules),
            UpdateOptions.<List<String>>newBuilder()
                .setWaitForStage(WorkflowUpdateStage.ACCEPTED)
                .build(),
            new WithStartWorkflowOperation<>(hub::run, AssetHub.HubState.SHARDED));
    try {
      return declaring.getResultAsync(DECLARING.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WorkflowUpdateException refused
          && refused.getCause() instanceof ApplicationFailure reason) {
        throw new IllegalStateException(reason.getOriginalMessage(), e);
      }
      throw e;
    }
  }

  /** Lets a hub that an earlier build has started hand over what it holds; without one, nothing. */
  public void upgrade() {
    try {
      client.newUntypedWorkflowStub(AssetHub.ID).signal("divide");
    } catch (WorkflowNotFoundException e) {
      // Then there is nothing to hand over.
    }
  }

  /**
   * Tells that an asset was made or changed.
   *
   * @param source who says so
   */
  public void emit(Asset asset, @Nullable String partition, String source) {
    emit(new AssetEvent(asset.name(), partition, source, Instant.now()));
  }

  /** Tells that an asset was made or changed. */
  public void emit(AssetEvent event) {
    emit(List.of(event));
  }

  /**
   * Tells that assets were made or changed. When this returns the events are on record in the
   * server. One call of many events is much cheaper than many calls.
   *
   * @param events those of the same asset are taken in this order
   * @throws IllegalArgumentException if a name is longer than {@link Asset#MAX_NAME}
   */
  public void emit(List<AssetEvent> events) {
    events.forEach(Assets::requireNames);
    Map<String, List<AssetDelivery.Numbered>> byAsset = new LinkedHashMap<>();
    events.forEach(
        event ->
            byAsset
                .computeIfAbsent(event.asset(), asset -> new ArrayList<>())
                .add(new AssetDelivery.Numbered(0, event)));
    send(
        byAsset.entrySet().stream()
            .map(asset -> new AssetMessage.Emission(asset.getKey(), null, asset.getValue()))
            .toList());
  }

  /**
   * Checks the names of an event.
   *
   * @throws IllegalArgumentException if one is longer than {@link Asset#MAX_NAME}
   */
  public static void requireNames(AssetEvent event) {
    Asset.requireLength("The name of an asset", event.asset());
    if (event.partition() != null) {
      Asset.requireLength("A partition of asset '%s'".formatted(event.asset()), event.partition());
    }
  }

  /**
   * Hands over records of an outside log. When this returns they are on record in the server and
   * will be taken, each once, also if the same are delivered again.
   */
  public void deliver(AssetDelivery delivery) {
    send(HubRegister.emissions(delivery));
  }

  private void send(List<AssetMessage.Emission> emissions) {
    Set<String> unknown =
        emissions.stream()
            .map(AssetMessage.Emission::asset)
            .filter(asset -> !introduced.contains(asset))
            .collect(Collectors.toSet());
    if (unknown.size() > MANY) {
      // One question is cheaper than an introduction each.
      ask(AssetHub::names, List.<String>of()).stream()
          .filter(unknown::contains)
          .forEach(this::remember);
    }
    Together.each(
        emissions,
        emission -> {
          send(emission);
          return true;
        });
  }

  private void remember(String asset) {
    if (introduced.size() < MAX_INTRODUCED) {
      introduced.add(asset);
    }
  }

  private void send(AssetMessage.Emission emission) {
    if (!introduced.contains(emission.asset())) {
      AssetCalls.send(client, taskQueue, new AssetMessage.Introduction(emission.asset(), false));
      remember(emission.asset());
    }
    Batches.of(emission.records(), AT_ONCE, record -> JsonSize.of(record.event()))
        .forEach(
            records ->
                AssetCalls.send(
                    client,
                    taskQueue,
                    new AssetMessage.Emission(emission.asset(), emission.log(), records)));
  }

  /** The events that wait for others, by DAG; of a DAG for which none waits, an empty list. */
  public Map<String, List<AssetEvent>> waiting() {
    return waiting(schedules());
  }

  /** The events that wait for others, by DAG, of some DAGs. */
  public Map<String, List<AssetEvent>> waiting(Collection<AssetSchedule> schedules) {
    Map<String, List<AssetEvent>> undivided = ask(AssetHub::waiting, Map.of());
    return undivided.isEmpty() ? questions.waiting(schedules) : undivided;
  }

  /** Who waits for what. */
  public List<AssetSchedule> schedules() {
    return ask(AssetHub::schedules, List.of());
  }

  /** Every asset that was made or is waited for, by name. */
  public List<AssetReport> list() {
    List<AssetReport> undivided = ask(AssetHub::assets, List.of());
    return undivided.isEmpty()
        ? questions.reports(ask(AssetHub::names, List.of()), schedules())
        : undivided;
  }

  /** The last events, at most 200 of all assets together, the latest first. */
  public List<AssetEvent> events() {
    List<AssetEvent> undivided = ask(AssetHub::events, List.of());
    return undivided.isEmpty()
        ? questions.events(ask(AssetHub::names, List.of())).stream()
            .sorted(Comparator.comparingLong(LoggedEvent::takenAt).reversed())
            .map(LoggedEvent::event)
            .limit(AssetLedger.MAX_SHOWN)
            .toList()
        : undivided;
  }

  /** The last events of one asset, at most 200, the latest first. */
  public List<AssetEvent> events(Asset asset) {
    return questions.events(List.of(asset.name())).stream().map(LoggedEvent::event).toList();
  }

  /** Without a hub there is nothing yet. */
  private <T> T ask(Function<AssetHub, T> question, T nothing) {
    try {
      AssetHub hub = client.newWorkflowStub(AssetHub.class, AssetHub.ID);
      return Answers.within(LIMIT, () -> question.apply(hub));
    } catch (WorkflowNotFoundException e) {
      if (Answers.isOfNamespace(e)) {
        throw e;
      }
      return nothing;
    }
  }
}
