package io.millrace.engine.asset;

import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Sends messages from a workflow, some at a time, until the server has them. */
final class AssetPost {

  private static final int AT_ONCE = 10;

  /** Large messages go at the same time, each with few others. */
  private static final int BYTES_AT_ONCE = 200_000;

  /** So soon the messages of a worker that died are sent by another. */
  private static final Duration AFTER_DEATH = Duration.ofSeconds(10);

  private static final RetryOptions RETRY =
      RetryOptions.newBuilder()
          .setInitialInterval(Duration.ofMillis(200))
          .setMaximumInterval(Duration.ofSeconds(10))
          .build();

  private final ActivityStub calls;
  private final String taskQueue = Workflow.getInfo().getTaskQueue();

  private AssetPost(ActivityStub calls) {
    this.calls = calls;
  }

  /** For few or large messages: one event in the history each time. */
  static AssetPost quick() {
    return new AssetPost(
        Workflow.newUntypedLocalActivityStub(
            LocalActivityOptions.newBuilder()
                .setSummary("assets")
                .setStartToCloseTimeout(Duration.ofSeconds(30))
                .setRetryOptions(RETRY)
                .setDoNotIncludeArgumentsIntoMarker(true)
                .build()));
  }

  /** For hundreds of small messages, which would take longer than a workflow task may. */
  static AssetPost patient() {
    return new AssetPost(
        Workflow.newUntypedActivityStub(
            ActivityOptions.newBuilder()
                .setSummary("assets")
                .setStartToCloseTimeout(Duration.ofMinutes(1))
                .setHeartbeatTimeout(AFTER_DEATH)
                .setRetryOptions(RETRY)
                .build()));
  }

  /**
   * Sends messages, some at the same time. Returns when all have arrived or were finally refused.
   *
   * @return those that the server refuses
   */
  List<AssetMessage> send(List<? extends AssetMessage> messages) {
    List<AssetMessage> refused = new ArrayList<>();
    List<Promise<Void>> sent = new ArrayList<>();
    for (List<AssetMessage> batch :
        Batches.<AssetMessage>of(messages, AT_ONCE, BYTES_AT_ONCE, JsonSize::of)) {
      sent.add(
          sendAsync(batch)
              .thenApply(
                  places -> {
                    places.forEach(place -> refused.add(batch.get(place)));
                    return null;
                  }));
    }
    Promise.allOf(sent).get();
    return refused;
  }

  /**
   * Sends messages so that those of one kind have arrived before those of the next, and those for
   * one workflow arrive in order. Two of the same kind for the same workflow go one after another.
   */
  List<AssetMessage> sendInOrder(List<AssetMessage> messages) {
    List<AssetMessage> refused = new ArrayList<>();
    List<AssetMessage> together = new ArrayList<>();
    Set<AssetMessage.Target> targets = new LinkedHashSet<>();
    for (AssetMessage message : messages) {
      boolean isNext = !together.isEmpty() && message.getClass() != together.get(0).getClass();
      if (isNext || !targets.add(message.target())) {
        refused.addAll(send(together));
        together.clear();
        targets.clear();
        targets.add(message.target());
      }
      together.add(message);
    }
    if (!together.isEmpty()) {
      refused.addAll(send(together));
    }
    return refused;
  }

  /** The same for a few that are small together, without waiting. */
  Promise<List<Integer>> sendAsync(List<AssetMessage> messages) {
    return calls
        .executeAsync("asset_send", Integer[].class, taskQueue, new AssetMail(messages))
        .thenApply(List::of);
  }
}
