package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetDelivery.Numbered;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The events of one run, on their way to the assets, each of which takes each of them once. At most
 * {@value #AT_ONCE} go in a message, and one message at a time, so that their order is kept. Also
 * sent when the run is being cancelled.
 */
public final class AssetEmissions {
  private static final Logger logger = Workflow.getLogger(AssetEmissions.class);
  private static final int AT_ONCE = 100;

  private final AssetPost post = AssetPost.quick();
  private final String log = "run/" + Workflow.getInfo().getRunId();
  private final List<Numbered> waiting = new ArrayList<>();
  private long made;
  private boolean sending;

  /** Adds an event, and sends it as soon as what is under way has arrived. */
  public void add(AssetEvent event) {
    waiting.add(new Numbered(made++, event));
    send();
  }

  /** Whether everything has arrived. */
  public boolean isEmpty() {
    return !sending && waiting.isEmpty();
  }

  private void send() {
    if (sending || waiting.isEmpty()) {
      return;
    }
    List<Numbered> some =
        Batches.of(
                waiting.subList(0, Math.min(AT_ONCE, waiting.size())),
                AT_ONCE,
                record -> JsonSize.of(record.event()))
            .get(0);
    List<AssetMessage> messages =
        new ArrayList<>(HubRegister.emissions(new AssetDelivery(log, some)));
    waiting.subList(0, some.size()).clear();
    sending = true;
    Workflow.newDetachedCancellationScope(
            () -> post.sendAsync(messages).handle((refused, failure) -> sent(messages, failure)))
        .run();
  }

  private @Nullable Void sent(List<AssetMessage> messages, @Nullable RuntimeException failure) {
    sending = false;
    if (failure != null) {
      logger.error("Asset events of this run are lost: {}", messages, failure);
    }
    send();
    return null;
  }
}
