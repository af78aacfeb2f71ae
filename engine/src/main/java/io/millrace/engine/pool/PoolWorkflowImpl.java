package io.millrace.engine.pool;

import com.google.common.collect.Lists;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a pool: the handlers write into the ledger at once; one loop grants, answers and checks.
 *
 * <p>While the loop talks to the server, requests gather, so that a busy pool answers many at once.
 */
public final class PoolWorkflowImpl implements PoolWorkflow {

  private static final int MAX_SLOTS = 1_000_000;
  private static final int MAX_DESCRIPTION = 500;
  private static final int HOLDERS_AT_ONCE = 100;
  private static final Duration LOOK_SOON = Duration.ofSeconds(5);

  private static final LocalActivityOptions CALL =
      LocalActivityOptions.newBuilder()
          .setStartToCloseTimeout(Duration.ofSeconds(30))
          .setRetryOptions(
              RetryOptions.newBuilder()
                  .setInitialInterval(Duration.ofMillis(200))
                  .setMaximumInterval(Duration.ofSeconds(10))
                  .build())
          .setDoNotIncludeArgumentsIntoMarker(true)
          .build();

  private final PoolActivities calls = Workflow.newLocalActivityStub(PoolActivities.class, CALL);
  private final String name;
  private final PoolState start;
  private final PoolAllocations ledger;
  private boolean changed;
  private boolean cancelled;
  private @Nullable Instant alarm;

  /** Opens the ledger before any handler runs. */
  @WorkflowInit
  public PoolWorkflowImpl(@Nullable PoolState state) {
    this.name = Workflow.getInfo().getWorkflowId().replaceFirst("^pool/", "");
    this.start = state == null ? PoolState.undeclared() : state;
    this.ledger = new PoolAllocations(start, Pools.undeclaredSlots(name));
  }

  @Override
  public void run(@Nullable PoolState state) {
    CancellationScope.current()
        .getCancellationRequest()
        .thenApply(
            reason -> {
              cancelled = true;
              ledger.close();
              changed = true;
              return null;
            });
    Workflow.newDetachedCancellationScope(this::serve).run();
  }

  private void serve() {
    while (!ledger.isClosed()) {
      // A cancelled run cannot continue as new: the SDK would end it instead.
      if (!cancelled && isHistoryLong()) {
        Workflow.await(Workflow::isEveryHandlerFinished);
        Workflow.continueAsNew(ledger.state());
      }
      changed = false;
      ledger.grant(now());
      answer();
      if (ledger.isCheckDue(now())) {
        check();
      }
      setAlarm();
      Workflow.setCurrentDetails(report().markdown());
      Workflow.await(() -> changed);
    }
  }

  /**
   * Tells the holders, by commands: the server sends them only if it has recorded the grants. Told
   * in any other way, a grant could be forgotten with the workflow task that made it.
   */
  private void answer() {
    List<HolderReports> answers = ledger.untold();
    if (answers.isEmpty()) {
      return;
    }
    PoolState before = ledger.state();
    Set<String> unreachable = new LinkedHashSet<>();
    for (List<HolderReports> some : Lists.partition(answers, HOLDERS_AT_ONCE)) {
      Promise.allOf(some.stream().map(holder -> tell(holder, unreachable)).toList()).get();
    }
    ledger.told(before, unreachable, now().plus(LOOK_SOON));
  }

  private Promise<Void> tell(HolderReports holder, Set<String> unreachable) {
    PoolListener listener =
        Workflow.newExternalWorkflowStub(PoolListener.class, holder.workflowId());
    return Async.procedure(listener::answered, name, holder.answers())
        .exceptionally(
            failure -> {
              unreachable.add(holder.workflowId());
              return null;
            });
  }

  private void check() {
    List<HolderState> states =
        Lists.partition(ledger.holders(), HOLDERS_AT_ONCE).stream()
            .flatMap(some -> calls.check(List.copyOf(some)).stream())
            .toList();
    ledger.checked(states, now());
    changed = true;
  }

  /** One timer at a time; one that is early finds nothing due, and is set again. */
  private void setAlarm() {
    Instant at = ledger.nextCheckAt();
    if (at == null || (alarm != null && !at.isBefore(alarm))) {
      return;
    }
    Instant now = now();
    if (!at.isAfter(now)) {
      changed = true;
      return;
    }
    alarm = at;
    Workflow.newTimer(Duration.between(now, at))
        .thenApply(
            fired -> {
              if (at.equals(alarm)) {
                alarm = null;
              }
              changed = true;
              return null;
            });
  }

  private boolean isHistoryLong() {
    WorkflowInfo info = Workflow.getInfo();
    return info.isContinueAsNewSuggested()
        || (start.maxEvents() > 0 && info.getHistoryLength() > start.maxEvents());
  }

  @Override
  public void request(@Nullable PoolRequest request) {
    if (request == null) {
      return;
    }
    request.release().forEach(ledger::release);
    request.acquire().forEach(wanted -> ledger.acquire(request.holder(), wanted, now()));
    changed = true;
  }

  @Override
  public PoolReport resize(int slots) {
    ledger.resize(slots);
    changed = true;
    return report();
  }

  @Override
  public void validateResize(int slots) {
    requireSize(name, slots);
  }

  static void requireSize(String pool, int slots) {
    if (slots < 0 || slots > MAX_SLOTS) {
      throw new IllegalArgumentException(
          "Pool '%s' must have 0 to %d slots, not %d".formatted(pool, MAX_SLOTS, slots));
    }
  }

  @Override
  public PoolReport describe(@Nullable String description) {
    ledger.describe(description);
    changed = true;
    return report();
  }

  @Override
  public void validateDescribe(@Nullable String description) {
    if (description != null && description.length() > MAX_DESCRIPTION) {
      throw new IllegalArgumentException(
          "The description of pool '%s' must have at most %d characters, not %d"
              .formatted(name, MAX_DESCRIPTION, description.length()));
    }
  }

  @Override
  public void declare(int slots) {
    if (!ledger.isDeclared() && slots >= 0 && slots <= MAX_SLOTS) {
      resize(slots);
    }
  }

  @Override
  public PoolReport report() {
    return PoolReport.of(name, ledger);
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
