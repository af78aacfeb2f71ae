package io.millrace.engine.notify;

import io.millrace.engine.Policy;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.notify.Notification.Level;
import io.millrace.engine.notify.RunAlerts.Deadline;
import io.millrace.engine.notify.RunAlerts.Kind;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowLocal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells of one run what its {@link RunAlerts} declare. For workflow code; a DAG that declares
 * nothing pays nothing, not one event.
 */
public final class RunNotifications implements RetrySignals {

  /** Whether the current workflow declares that it wants signals of retries. */
  static final WorkflowLocal<Boolean> HEARS_OF_RETRIES =
      WorkflowLocal.withCachedInitial(() -> false);

  private static final int MAX_RETRIES = 20;
  private static final int MAX_TEXT = 4_000;

  private final RunAlerts alerts;
  private final String dag;
  private final String run;
  private final Instant logicalDate;
  private final Journal journal;
  private final Instant startedAt = now();
  private final List<Promise<Void>> sent = new ArrayList<>();
  private final List<CancellationScope> timers = new ArrayList<>();
  private boolean toldOfHold;
  private boolean ended;
  private int retries;

  /** Where a run keeps what became of its alerts. */
  @FunctionalInterface
  public interface Journal {
    void note(String what, String why);
  }

  /**
   * Makes those of a run.
   *
   * @param dag its DAG
   * @param run its workflow id
   */
  public RunNotifications(
      RunAlerts alerts, String dag, String run, Instant logicalDate, Journal journal) {
    this.alerts = alerts;
    this.dag = dag;
    this.run = run;
    this.logicalDate = logicalDate;
    this.journal = journal;
  }

  /** Starts the deadlines; called when the run begins. */
  public void begin() {
    if (alerts.names(Kind.RETRY) != null) {
      HEARS_OF_RETRIES.set(true);
      Workflow.registerListener(this);
    }
    for (Deadline deadline : alerts.deadlines()) {
      Duration limit = deadline.limit();
      if (limit == null) {
        startAverage(deadline);
      } else {
        Instant from = deadline.from() == RunAlerts.From.START ? startedAt : logicalDate;
        start(deadline, from.plus(limit), limit);
      }
    }
  }

  /** Tells once of each time that the run is held because tasks failed. */
  public void held(boolean forFailures, Supplier<String> why) {
    if (forFailures && !toldOfHold) {
      send(Kind.FAILURE, Level.ERROR, "%s is held: tasks failed".formatted(run), why.get());
    }
    toldOfHold = forFailures;
  }

  /**
   * Notifies how the run has ended, and waits until everything is sent or given up.
   *
   * @param teardowns how teardowns failed; sent as a failure even of a run that did not fail; empty
   *     if none did
   */
  public void end(RunState state, Supplier<String> why, String teardowns) {
    ended = true;
    if (alerts.isEmpty()) {
      return;
    }
    timers.forEach(CancellationScope::cancel);
    Workflow.newDetachedCancellationScope(
            () -> {
              if (state == RunState.FAILED) {
                send(Kind.FAILURE, Level.ERROR, "%s failed".formatted(run), why.get());
              } else if (!teardowns.isEmpty()) {
                send(
                    Kind.FAILURE, Level.ERROR, "a teardown of %s failed".formatted(run), teardowns);
              }
              if (state == RunState.SUCCESS) {
                send(Kind.SUCCESS, Level.INFO, "%s succeeded".formatted(run), "");
              }
              Workflow.await(() -> sent.stream().allMatch(Promise::isCompleted));
            })
        .run();
  }

  @Override
  public void retried(Retry retry) {
    if (ended || ++retries > MAX_RETRIES) {
      return;
    }
    send(
        Kind.RETRY,
        Level.WARNING,
        "%s of %s is tried again: try %d failed".formatted(retry.task(), run, retry.attempt()),
        retries < MAX_RETRIES ? retry.why() : retry.why() + "\nFurther retries are not told of.");
  }

  private void startAverage(Deadline deadline) {
    Promise<@Nullable Duration> average =
        stub("average duration of " + dag)
            .executeAsync("millrace_average_duration", Duration.class, dag);
    sent.add(
        average.handle(
            (found, failure) -> {
              if (failure != null) {
                journal.note("no deadline", "the average is not known: " + reason(failure));
              } else if (found != null && !ended) {
                Duration limit =
                    Duration.ofMillis(Math.round((double) found.toMillis() * deadline.factor()));
                start(deadline, startedAt.plus(limit), limit);
              }
              return null;
            }));
  }

  private void start(Deadline deadline, Instant at, Duration limit) {
    Duration left = Duration.between(now(), at);
    CancellationScope scope =
        Workflow.newCancellationScope(
            () ->
                Workflow.newTimer(left.compareTo(Duration.ZERO) > 0 ? left : Duration.ofMillis(1))
                    .handle(
                        (fired, stopped) -> {
                          if (stopped == null && !ended) {
                            missed(deadline, limit);
                          }
                          return null;
                        }));
    timers.add(scope);
    scope.run();
  }

  private void missed(Deadline deadline, Duration limit) {
    String from = deadline.from() == RunAlerts.From.START ? "its start" : "its logical date";
    String average =
        deadline.limit() == null ? ", %s times the average".formatted(deadline.factor()) : "";
    send(
        deadline.names(),
        Level.WARNING,
        "%s has missed its deadline".formatted(run),
        "It has not ended %s after %s%s.".formatted(words(limit), from, average));
  }

  private void send(Kind kind, Level level, String title, String why) {
    List<String> names = alerts.names(kind);
    if (names != null) {
      send(names, level, title, why);
    }
  }

  private void send(List<String> names, Level level, String title, String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("dag", dag);
    fields.put("run", run);
    fields.put("logical date", logicalDate.toString());
    fields.put("running for", words(Duration.between(startedAt, now())));
    String cut = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    Notification notification = new Notification(level, title, cut, fields, null, now());
    sent.add(
        stub("alert: " + title)
            .executeAsync(
                "millrace_notify",
                Object.class,
                new NotifyActivities.Dispatch(names, run, notification))
            .handle(
                (told, failure) -> {
                  if (failure != null) {
                    journal.note("alert not delivered: " + title, reason(failure));
                  }
                  return null;
                }));
  }

  private static ActivityStub stub(String summary) {
    return Workflow.newUntypedActivityStub(
        ActivityOptions.newBuilder()
            .setSummary(summary)
            .setStartToCloseTimeout(Duration.ofMinutes(1))
            // The run ends after its alerts: it waits so long for those whom it is to tell.
            .setScheduleToCloseTimeout(Duration.ofMinutes(15))
            .setRetryOptions(Policy.PATIENT.retry().options())
            .build());
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof ApplicationFailure told
        ? told.getOriginalMessage()
        : String.valueOf(root.getMessage());
  }

  private static String words(Duration time) {
    return time.toMinutes() < 1
        ? "%d s".formatted(time.toSeconds())
        : "%d h %02d min".formatted(time.toHours(), time.toMinutesPart());
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
