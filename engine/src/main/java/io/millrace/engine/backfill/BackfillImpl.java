package io.millrace.engine.backfill;

import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.millrace.engine.backfill.BackfillReport.State;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Keeps a window of runs full until every date has ended; holds no thread for any. */
public final class BackfillImpl implements Backfill {

  /** The failure type of a backfill of which some runs failed. */
  static final String FAILED = "BackfillFailed";

  private static final int DATES_PER_PLAN = 500;

  /** The failure type of a request that makes no sense. */
  static final String INVALID = "InvalidBackfill";

  private final BackfillActivities lookup =
      Workflow.newActivityStub(
          BackfillActivities.class,
          ActivityOptions.newBuilder()
              .setStartToCloseTimeout(Duration.ofSeconds(30))
              .setRetryOptions(
                  RetryOptions.newBuilder().setMaximumInterval(Duration.ofMinutes(1)).build())
              .setSummary("timetable")
              .build());

  private BackfillRequest request;
  private final int startsPerHistory;
  private @Nullable BackfillState book;
  private @Nullable BackfillWindow window;
  private final BackfillCommands orders;
  private boolean over;
  private boolean dirty;

  /** Keeps what updates may change before the first step. */
  @WorkflowInit
  public BackfillImpl(BackfillRequest request, @Nullable BackfillProgress progress) {
    this.request = request;
    this.orders = new BackfillCommands(request, progress);
    this.startsPerHistory =
        progress == null ? BackfillProgress.STARTS_PER_HISTORY : progress.startsPerHistory();
  }

  @Override
  public BackfillReport run(BackfillRequest given, @Nullable BackfillProgress progress) {
    BackfillState opened = open(progress);
    book = opened;
    if (request.dryRun()) {
      plan(opened);
      over = true;
      show();
      return report();
    }
    BackfillWindow active = new BackfillWindow(request, opened, () -> dirty = true);
    window = active;
    active.rejoin();
    try {
      drive(opened, active);
    } catch (CanceledFailure e) {
      orders.cancelAll();
      Workflow.newDetachedCancellationScope(() -> drive(opened, active)).run();
      end();
      throw e;
    }
    return end();
  }

  private BackfillState open(@Nullable BackfillProgress progress) {
    if (request.timetable() == null) {
      request = request.withTimetable(lookup.timetableOf(request.dag()));
    }
    try {
      BackfillState opened = BackfillState.open(request, progress);
      if (request.runBackwards() && opened.total() > 1 && progress == null) {
        refuseIfItDependsOnThePast();
      }
      return opened;
    } catch (IllegalArgumentException e) {
      // Thrown as it is, it would fail the workflow task for ever.
      throw ApplicationFailure.newNonRetryableFailureWithCause(
          "Backfill of %s: %s".formatted(request.dag(), e.getMessage()), INVALID, e);
    }
  }

  /**
   * A DAG with a task that waits for the run before cannot run backwards: every run but one would
   * fail, and its date would then always count as existing.
   */
  private void refuseIfItDependsOnThePast() {
    if (Workflow.getVersion("refuse-backwards", Workflow.DEFAULT_VERSION, 1) == 1) {
      String task = new BackfillPast(request).firstTask();
      if (task != null) {
        throw new IllegalArgumentException(BackfillPast.refusal(task));
      }
    }
  }

  /** Asks for each date what would be done with it, some at a time. */
  private void plan(BackfillState dates) {
    if (Workflow.getVersion("plan-by-date", Workflow.DEFAULT_VERSION, 1) == 1) {
      for (int from = 0; from < dates.total(); from += DATES_PER_PLAN) {
        int to = Math.min(from + DATES_PER_PLAN, dates.total());
        List<DateReport> planned = lookup.planOf(request, from, to);
        for (int place = from; place < to; place++) {
          dates.plan(place, planned.get(place - from));
        }
      }
    }
  }

  private void drive(BackfillState dates, BackfillWindow active) {
    while (true) {
      dirty = false;
      if (orders.takeCancelActive()) {
        active.cancelAll();
      }
      boolean full = active.started() >= startsPerHistory || isHistoryLong();
      fill(dates, active, full);
      show();
      boolean done = orders.isCancelling() || dates.nextPlanned().isEmpty();
      if (done && active.size() == 0 && Workflow.isEveryHandlerFinished()) {
        return;
      }
      if (full && !done && !active.isStarting() && Workflow.isEveryHandlerFinished()) {
        // What is active is found again by its id, so that the window stays full.
        Workflow.continueAsNew(request, progress(dates));
      }
      Workflow.await(() -> dirty);
    }
  }

  private void fill(BackfillState dates, BackfillWindow active, boolean full) {
    OptionalInt next = dates.nextPlanned();
    while (!orders.isPaused()
        && !orders.isCancelling()
        && !full
        && active.size() < orders.maxActive()
        && active.started() < startsPerHistory
        && next.isPresent()) {
      active.start(next.getAsInt());
      next = dates.nextPlanned();
    }
  }

  private static boolean isHistoryLong() {
    return Workflow.getInfo().isContinueAsNewSuggested();
  }

  private BackfillProgress progress(BackfillState dates) {
    return new BackfillProgress(
        dates.states(),
        dates.reasons(),
        orders.maxActive(),
        orders.isPaused(),
        orders.note(),
        startsPerHistory);
  }

  private BackfillReport end() {
    over = true;
    show();
    BackfillReport report = report();
    if (report.state() == State.FAILED) {
      throw ApplicationFailure.newNonRetryableFailure(
          BackfillDetails.failures(report), FAILED, report);
    }
    return report;
  }

  private void show() {
    Workflow.setCurrentDetails(
        BackfillDetails.markdown(Workflow.getInfo().getWorkflowId(), report()));
  }

  private State state(BackfillState dates) {
    if (orders.isCancelling()) {
      return over ? State.CANCELLED : State.CANCELLING;
    }
    if (!over || request.dryRun()) {
      return orders.isPaused() ? State.PAUSED : over ? State.SUCCESS : State.RUNNING;
    }
    return dates.count(DateState.FAILED) + dates.count(DateState.CANCELLED) > 0
        ? State.FAILED
        : State.SUCCESS;
  }

  @Override
  public BackfillReport report() {
    BackfillState dates = book;
    if (dates == null) {
      throw new IllegalStateException("The backfill has not found its dates yet; try again");
    }
    return new BackfillReport(
        request.dag(),
        state(dates),
        orders.note(),
        orders.maxActive(),
        dates.total(),
        dates.count(DateState.PLANNED),
        dates.count(DateState.RUNNING),
        dates.count(DateState.SUCCEEDED),
        dates.count(DateState.SKIPPED),
        dates.count(DateState.FAILED),
        dates.count(DateState.EXISTING),
        dates.count(DateState.CANCELLED),
        dates.reports());
  }

  @Override
  public String pause(Reason reason) {
    orders.pause(reason);
    dirty = true;
    return "paused; %d active runs go on".formatted(active());
  }

  @Override
  public void validatePause(Reason reason) {
    orders.requireNotPaused();
  }

  @Override
  public String resume() {
    orders.resume();
    dirty = true;
    return "resumed";
  }

  @Override
  public void validateResume() {
    orders.requirePaused();
  }

  @Override
  public String cancel(Cancel how) {
    orders.cancel(how);
    dirty = true;
    return how.keepActive()
        ? "cancelled; it waits for %d active runs".formatted(active())
        : "cancelled, and its %d active runs with it".formatted(active());
  }

  @Override
  public void validateCancel(Cancel how) {
    orders.requireOpen();
  }

  @Override
  public String setMaxActive(int most) {
    orders.setMaxActive(most);
    dirty = true;
    return "at most %d runs are active from now on".formatted(most);
  }

  @Override
  public void validateSetMaxActive(int most) {
    orders.requireOpen();
    BackfillRequest.requireActive(most);
  }

  private int active() {
    return window == null ? 0 : window.size();
  }
}
