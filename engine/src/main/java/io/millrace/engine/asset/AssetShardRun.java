package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetMessage.Adoption;
import io.millrace.engine.asset.AssetMessage.Emission;
import io.millrace.engine.asset.AssetMessage.Introduction;
import io.millrace.engine.asset.AssetMessage.Read;
import io.millrace.engine.asset.AssetMessage.Retirement;
import io.millrace.engine.asset.AssetMessage.Subscribers;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs an asset: the handlers write into the ledger at once; one loop notifies those who wait.
 * While it does, events gather, so that a busy asset sends many at once.
 */
public final class AssetShardRun implements AssetShard {

  /** Messages of one round. */
  private static final int AT_ONCE = 100;

  /** Of one round: more would keep the workflow's thread for too long. */
  private static final int BYTES_AT_ONCE = 1_000_000;

  /**
   * Rounds of one workflow task, if more is to be sent. The task has to end before a hundred
   * signals wait for it, for example of consumers that all read at once: then the server fails it,
   * and all that it sent is sent again.
   */
  private static final int ROUNDS = 4;

  /** Ends a workflow task. */
  private static final Duration PAUSE = Duration.ofMillis(1);

  private static final int QUERY_BYTES = 400_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

  private final AssetPost post = AssetPost.quick();
  private final String asset = AssetShard.asset(Workflow.getInfo().getWorkflowId());
  private final AssetLedger ledger;
  private boolean changed = true;
  private boolean retired;

  /** Opens the ledger before any handler runs. */
  @WorkflowInit
  public AssetShardRun(@Nullable AssetState state) {
    ledger = new AssetLedger(asset, Workflow.getInfo().getRunId());
    if (state != null) {
      ledger.restore(state);
    }
  }

  @Override
  public void run(@Nullable AssetState state) {
    if (!ledger.isAdopted()) {
      do {
        post.send(List.of(new Introduction(asset, true)));
      } while (!Workflow.await(PATIENCE, ledger::isAdopted));
    }
    int rounds = 0;
    while (true) {
      Workflow.await(() -> changed || isHistoryLong());
      changed = false;
      List<AssetMessage> messages = ledger.messages(AT_ONCE, BYTES_AT_ONCE);
      if (!messages.isEmpty()) {
        send(messages);
      }
      Workflow.setCurrentDetails(ledger.markdown());
      if (ledger.hasMessages()) {
        changed = true;
        rounds++;
        if (rounds % ROUNDS == 0) {
          Workflow.sleep(PAUSE);
        }
      } else if (retired) {
        return;
      }
      if (isHistoryLong()) {
        Workflow.await(Workflow::isEveryHandlerFinished);
        while (ledger.hasAnswers()) {
          send(ledger.messages(AT_ONCE, BYTES_AT_ONCE));
        }
        Workflow.continueAsNew(ledger.state());
      }
    }
  }

  private void send(List<AssetMessage> messages) {
    List<AssetMessage> refused = post.send(messages);
    if (!refused.isEmpty()) {
      ledger.refused(refused);
      Workflow.sleep(AFTER_REFUSAL);
    }
  }

  private static boolean isHistoryLong() {
    return Workflow.getInfo().isContinueAsNewSuggested();
  }

  @Override
  public void emit(Emission emission) {
    ledger.take(emission, Workflow.currentTimeMillis());
    changed = true;
  }

  @Override
  public void subscribers(Subscribers subscribers) {
    ledger.subscribe(subscribers, Workflow.currentTimeMillis());
    retired &= !ledger.isWanted();
    changed = true;
  }

  @Override
  public void adopt(Adoption adoption) {
    ledger.adopt(adoption, Workflow.currentTimeMillis());
    changed = true;
  }

  @Override
  public void retire(Retirement retirement) {
    retired = !ledger.isWanted();
    changed = true;
  }

  @Override
  public void read(Read read) {
    ledger.read(read);
    changed = true;
  }

  @Override
  public AssetReport report() {
    return ledger.report();
  }

  @Override
  public List<LoggedEvent> events() {
    return ledger.shown();
  }

  @Override
  public List<LoggedEvent> since(long from) {
    return ledger.since(from, QUERY_BYTES);
  }

  @Override
  public List<LoggedEvent> details(List<PartitionKey> partitions) {
    return ledger.details(partitions, QUERY_BYTES);
  }

  @Override
  public AssetState state() {
    return ledger.state();
  }
}
