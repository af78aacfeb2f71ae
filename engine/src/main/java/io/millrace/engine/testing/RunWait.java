package io.millrace.engine.testing;

import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Waits for a run as long as it makes progress, and gives up once its history has not grown for a
 * time, however slow the machine is. A run that makes progress for ever is given up, too.
 */
final class RunWait {
  /** Without a new event; and with new events for so many times that. */
  static final Duration LIMIT = Duration.ofMinutes(2);

  private static final int MAX = 5;

  private static final Duration POLL = Duration.ofMillis(5);

  /** How often the history is looked at. */
  static final Duration LOOK = Duration.ofSeconds(5);

  private final WorkflowClient client;
  private final DagRuns runs;
  private final String runId;
  private final Duration limit;
  private final Duration look;
  private final LongSupplier clock;
  private final long started;
  private long changed;
  private int events;

  RunWait(
      WorkflowClient client,
      DagRuns runs,
      String runId,
      Duration limit,
      Duration look,
      LongSupplier clock) {
    this.client = client;
    this.runs = runs;
    this.runId = runId;
    this.limit = limit;
    this.look = look;
    this.clock = clock;
    this.started = clock.getAsLong();
    this.changed = started;
  }

  /**
   * The report of the run once it has ended; time is skipped meanwhile.
   *
   * @throws AssertionError if it makes no progress; the message says what it looks like
   */
  RunReport untilEnded() {
    while (true) {
      try {
        return runs.await(runId, look);
      } catch (TimeoutException e) {
        requireProgress("has not ended");
      }
    }
  }

  /**
   * Waits, without skipping time, until the report is as expected.
   *
   * @param otherwise what to say of a run of which it never is, such as "has not ended"
   * @throws AssertionError if it makes no progress; the message says what it looks like
   */
  void until(Predicate<RunReport> expected, String otherwise) {
    long looked = clock.getAsLong();
    while (!expected.test(runs.describe(runId))) {
      if (clock.getAsLong() - looked > look.toNanos()) {
        requireProgress(otherwise);
        looked = clock.getAsLong();
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private void requireProgress(String otherwise) {
    int before = events;
    events = client.fetchHistory(runId).getEvents().size();
    long now = clock.getAsLong();
    if (events != before) {
      changed = now;
    }
    if (now - changed > limit.toNanos()) {
      throw new AssertionError(
          "Run %s %s: no progress for %s after %d events. %s"
              .formatted(runId, otherwise, limit, events, seen()));
    }
    if (now - started > MAX * limit.toNanos()) {
      throw new AssertionError(
          "Run %s %s within %s, and still makes progress after %d events. %s"
              .formatted(runId, otherwise, limit.multipliedBy(MAX), events, seen()));
    }
  }

  private String seen() {
    try {
      RunReport report = runs.describe(runId);
      return report.tasks().stream()
          .map(task -> task.id() + " " + task.state())
          .collect(Collectors.joining(", ", "It is " + report.state() + ": ", ""));
    } catch (RuntimeException e) {
      return "It does not say what it looks like: " + e.getMessage();
    }
  }
}
