package io.millrace.engine;

import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.common.VersioningBehavior;
import io.temporal.common.converter.EncodedValues;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.DynamicWorkflow;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Takes runs of which the worker does not know the DAG: a mistyped name from the Temporal CLI or
 * the Web UI, or a child run that no worker knows. It fails them with type {@link #TYPE} and the
 * nearest names; without it they would stay running for ever.
 *
 * <p>It fails them at once where no other worker can know the DAG: on a worker that has a version,
 * and on one that polls its task queue alone. Beside other workers without a version, as while one
 * release replaces another, it leaves the run to them for {@link #GRACE}: its workflow task fails
 * and is tried again by whichever worker polls next. A run that has begun on a worker that knows
 * its DAG is never failed.
 */
final class UnknownDag implements DynamicWorkflow {

  /** The failure type. */
  static final String TYPE = "UnknownDag";

  /** How long other workers of the task queue have to take the run. */
  static final Duration GRACE = Duration.ofMinutes(1);

  private static final int NEAREST = 3;
  private static final int SHOWN = 20;

  private final List<String> known;
  private final boolean versioned;

  /**
   * Takes one run.
   *
   * @param known the worker's DAGs
   * @param versioned whether the worker has a version
   */
  UnknownDag(List<String> known, boolean versioned) {
    this.known = List.copyOf(new TreeSet<>(known));
    this.versioned = versioned;
  }

  @Override
  public Object execute(EncodedValues args) {
    WorkflowInfo run = Workflow.getInfo();
    String message = message(run.getWorkflowType(), run.getTaskQueue(), known);
    // It has begun elsewhere, or is young enough for a worker of a newer release.
    if (WorkflowUnsafe.isReplaying() || (isYoung(run) && hasOthers(run.getTaskQueue()))) {
      throw new UnknownHere(message);
    }
    throw ApplicationFailure.newNonRetryableFailure(message, TYPE);
  }

  private static boolean isYoung(WorkflowInfo run) {
    Instant began = Instant.ofEpochMilli(run.getRunStartedTimestampMillis());
    return DagRun.now().isBefore(began.plus(GRACE));
  }

  private static boolean hasOthers(String taskQueue) {
    QueuePollers pollers =
        Workflow.newLocalActivityStub(
            QueuePollers.class,
            LocalActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofSeconds(2))
                .setScheduleToCloseTimeout(Duration.ofSeconds(2))
                .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
                .build());
    try {
      return pollers.othersWithoutVersion(taskQueue);
    } catch (ActivityFailure e) {
      return true; // the server does not say: better late than wrong
    }
  }

  /** The server requires one of a worker with a version, and refuses it of any other. */
  @Override
  public VersioningBehavior getVersioningBehavior() {
    return versioned ? VersioningBehavior.AUTO_UPGRADE : VersioningBehavior.UNSPECIFIED;
  }

  /**
   * What to say of a name.
   *
   * @param known the workflow types of the worker
   */
  static String message(String name, String taskQueue, List<String> known) {
    List<String> nearest = nearest(name, known);
    String all = String.join(", ", known.subList(0, Math.min(SHOWN, known.size())));
    return "No worker of the task queue '%s' knows the DAG '%s'. %sIts DAGs are %s%s. Is the name, and the task queue, right?"
        .formatted(
            taskQueue,
            name,
            nearest.isEmpty() ? "" : "Did you mean %s? ".formatted(String.join(" or ", nearest)),
            all.isEmpty() ? "none" : all,
            known.size() > SHOWN ? " and %d more".formatted(known.size() - SHOWN) : "");
  }

  /** The names that may have been meant, the nearest first. */
  private static List<String> nearest(String name, Collection<String> known) {
    return known.stream()
        .filter(other -> distance(name, other) <= Math.max(2, name.length() / 3))
        .sorted(Comparator.comparingInt((String other) -> distance(name, other)))
        .limit(NEAREST)
        .toList();
  }

  /** {@code . Did you mean 'NAME'?}, for the end of a message; empty if no name is near. */
  static String suggestion(String name, Collection<String> known) {
    return nearest(name, known).stream()
        .findFirst()
        .map(". Did you mean '%s'?"::formatted)
        .orElse("");
  }

  /** How many characters are to be typed, left out or exchanged; neither case nor -, _, . count. */
  static int distance(String left, String right) {
    String a = plain(left);
    String b = plain(right);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int exchanged = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(exchanged, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
  }

  /** Fails the workflow task, and not the run: another worker may know the DAG. */
  static final class UnknownHere extends RetryElsewhereError {
    private static final long serialVersionUID = 1;

    UnknownHere(String message) {
      super(message, null);
    }
  }
}
