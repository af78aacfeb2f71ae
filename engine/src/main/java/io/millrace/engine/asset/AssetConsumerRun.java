package io.millrace.engine.asset;

import com.google.common.collect.Lists;
import io.millrace.engine.asset.AssetMessage.Assignment;
import io.millrace.engine.asset.AssetMessage.News;
import io.millrace.engine.asset.AssetMessage.Page;
import io.millrace.engine.asset.ConsumerLedger.Run;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Runs a consumer: the handlers write into the ledger at once; one loop asks the assets for the
 * events of what is due and starts the runs.
 */
public final class AssetConsumerRun implements AssetConsumer {
  private static final Logger logger = Workflow.getLogger(AssetConsumerRun.class);

  /** Runs that are being started at the same time. */
  private static final int STARTS_AT_ONCE = 20;

  /** After this time without an answer it asks again. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

  private final AssetPost post = AssetPost.quick();
  private final ConsumerLedger ledger =
      new ConsumerLedger(AssetConsumer.dag(Workflow.getInfo().getWorkflowId()));
  private final Map<String, Page> answers = new TreeMap<>();
  private boolean changed;
  private long ticket;

  /** Opens the ledger before any handler runs. */
  @WorkflowInit
  public AssetConsumerRun(@Nullable ConsumerState state) {
    if (state != null) {
      ledger.restore(state);
      changed = true;
    }
  }

  @Override
  public void run(@Nullable ConsumerState state) {
    while (true) {
      Workflow.await(() -> changed || isHistoryLong());
      changed = false;
      if (ledger.schedule() == null) {
        return;
      }
      if (ledger.isDue()) {
        serve(ledger.take());
        changed = true;
      }
      Workflow.setCurrentDetails(ledger.markdown());
      if (isHistoryLong()) {
        Workflow.await(Workflow::isEveryHandlerFinished);
        Workflow.continueAsNew(ledger.state());
      }
    }
  }

  private void serve(TakenEvents taken) {
    answers.clear();
    ticket = taken.ticket();
    do {
      post.send(
          taken.reads().entrySet().stream()
              .filter(read -> !answers.containsKey(read.getKey()))
              .map(Map.Entry::getValue)
              .toList());
    } while (!Workflow.await(PATIENCE, () -> answers.keySet().containsAll(taken.reads().keySet())));
    List<Run> runs = ledger.runs(taken, List.copyOf(answers.values()));
    for (List<Run> some : Lists.partition(runs, STARTS_AT_ONCE)) {
      start(some);
    }
  }

  /** Returns when the server has started all: what it does not take is tried again. */
  private void start(List<Run> runs) {
    List<Run> left = runs;
    while (!left.isEmpty()) {
      List<Promise<Boolean>> starting =
          left.stream()
              .map(run -> AssetRuns.start(run.schedule(), run.number(), run.events()))
              .toList();
      Promise.allOf(starting).get();
      List<Run> refused = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        if (!starting.get(i).get()) {
          refused.add(left.get(i));
        }
      }
      left = refused;
      if (!left.isEmpty()) {
        logger.warn(
            "{} runs of '{}' did not start; trying again",
            left.size(),
            left.get(0).schedule().dag());
        Workflow.sleep(AFTER_REFUSAL);
      }
    }
  }

  private static boolean isHistoryLong() {
    return Workflow.getInfo().isContinueAsNewSuggested();
  }

  @Override
  public void assign(Assignment assignment) {
    ledger.assign(assignment);
    changed = true;
  }

  @Override
  public void news(News news) {
    ledger.news(news);
    changed = true;
  }

  @Override
  public void page(Page page) {
    if (page.ticket() == ticket) {
      answers.put(page.asset(), page);
    }
  }

  @Override
  public ConsumerState consumer() {
    return ledger.state();
  }
}
