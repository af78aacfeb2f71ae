package io.millrace.engine.asset;

import com.google.common.collect.Lists;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sends messages from a workflow, some at a time, until the server has them. */
final class AssetPost {

  private static final int AT_ONCE = 25;

  private final ActivityStub calls =
      Workflow.newUntypedLocalActivityStub(
          LocalActivityOptions.newBuilder()
              .setSummary("assets")
              .setStartToCloseTimeout(Duration.ofSeconds(30))
              .setRetryOptions(
                  RetryOptions.newBuilder()
                      .setInitialInterval(Duration.ofMillis(200))
                      .setMaximumInterval(Duration.ofSeconds(10))
                      .build())
              .setDoNotIncludeArgumentsIntoMarker(true)
              .build());
  private final String taskQueue = Workflow.getInfo().getTaskQueue();

  /**
   * Sends messages; those for the same workflow arrive in order. Returns when all have arrived or
   * were refused for good.
   *
   * @return those that the server refuses
   */
  List<AssetMessage> send(List<? extends AssetMessage> messages) {
    List<AssetMessage> refused = new ArrayList<>();
    List<Promise<Void>> sent = new ArrayList<>();
    for (List<? extends AssetMessage> some : Lists.partition(messages, AT_ONCE)) {
      List<AssetMessage> batch = List.copyOf(some);
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

  /** The same for a few, without waiting. */
  Promise<List<Integer>> sendAsync(List<AssetMessage> messages) {
    return calls
        .executeAsync("asset_send", Integer[].class, taskQueue, new AssetMail(messages))
        .thenApply(List::of);
  }
}
