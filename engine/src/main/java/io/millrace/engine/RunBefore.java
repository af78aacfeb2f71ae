package io.millrace.engine;

import io.millrace.engine.RunBeforeReader.Answer;
import io.millrace.engine.RunBeforeReader.Question;
import io.millrace.engine.RunBeforeReader.Wanted;
import io.millrace.engine.schedule.ScheduledRun;
import io.millrace.engine.schedule.ScheduledRun.Before;
import io.millrace.engine.schedule.Timetable;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The run before this one, for the tasks that depend on the past.
 *
 * <p>One activity asks for all of them, when the first is about to start; most often every one may,
 * and that is all. While some must wait, another one ends when the answer is a new one: the server
 * tries it again and again, which writes no history.
 */
final class RunBefore {

  private static final ActivityOptions OPTIONS =
      ActivityOptions.newBuilder()
          .setSummary("the run before")
          .setStartToCloseTimeout(Duration.ofSeconds(10))
          .setRetryOptions(
              RetryOptions.newBuilder()
                  .setInitialInterval(Duration.ofMillis(500))
                  .setBackoffCoefficient(1.5)
                  .setMaximumInterval(Duration.ofSeconds(30))
                  .build())
          .build();

  private final @Nullable Question question;
  private final Set<Node<?, ?>> waiting = new LinkedHashSet<>();
  private final Set<Node<?, ?>> released = new LinkedHashSet<>();
  private @Nullable Map<String, String> blocked;
  private @Nullable CancellationScope asking;
  private int asked;

  /**
   * Finds out which run it is.
   *
   * @throws ApplicationFailure if tasks depend on it and it cannot come before this one
   */
  RunBefore(RunInfo info, Graph graph) {
    this.question = question(info, graph).orElse(null);
  }

  private static Optional<Question> question(RunInfo info, Graph graph) {
    List<Wanted> tasks =
        graph.order().stream()
            .filter(RunBefore::depends)
            .map(node -> new Wanted(node.id(), below(node, graph)))
            .toList();
    Optional<ScheduledRun> schedule = ScheduledRun.ofCurrentRun();
    Before before = schedule.map(ScheduledRun::before).orElse(Before.LAST);
    Optional<Instant> nominal = nominal(info);
    if (tasks.isEmpty() || nominal.isEmpty() || before == Before.NONE) {
      return Optional.empty();
    }
    if (before == Before.LATER) {
      throw ApplicationFailure.newNonRetryableFailure(
          "Task '%s' depends on the past, so that a backfill must not run backwards"
              .formatted(tasks.get(0).task()),
          "InvalidBackfill");
    }
    Timetable timetable = schedule.map(told -> Timetable.parse(told.timetable())).orElse(null);
    Instant adjacent =
        timetable == null ? null : timetable.calendar().previous(nominal.get()).orElse(null);
    boolean first =
        timetable != null
            && (adjacent == null
                || (timetable.startAt() != null && adjacent.isBefore(timetable.startAt())));
    return first
        ? Optional.empty()
        : Optional.of(
            new Question(
                info.dagId(), nominal.get(), adjacent, before == Before.ADJACENT, tasks, null));
  }

  /** A run without a date comes after no other, as in Airflow. */
  private static Optional<Instant> nominal(RunInfo info) {
    return DataInterval.scheduledTimeOfCurrentRun()
        .or(
            () ->
                info.options().logicalDate() == null
                    ? Optional.empty()
                    : Optional.of(info.interval().end()));
  }

  private static boolean depends(Node<?, ?> node) {
    return node.policy().past() != Policy.Past.ANY;
  }

  private static List<String> below(Node<?, ?> node, Graph graph) {
    return node.policy().past() == Policy.Past.SUCCEEDED_WITH_DOWNSTREAM
        ? graph.downstream(node).stream().map(Node::id).toList()
        : List.of();
  }

  /** Whether it lets a task start now; if not, the task is looked at again when it may. */
  boolean lets(Node<?, ?> node) {
    if (question == null
        || !depends(node)
        || released.contains(node)
        || (blocked != null && !blocked.containsKey(node.id()))) {
      waiting.remove(node);
      return true;
    }
    waiting.add(node);
    node.life()
        .await(
            blocked == null
                ? "asks how the run before ended"
                : "waits for " + blocked.get(node.id()));
    ask(question);
    return false;
  }

  private void ask(Question about) {
    if (asking != null) {
      return;
    }
    int number = ++asked;
    Question now = about.knowing(blocked);
    asking =
        Workflow.newCancellationScope(
            () ->
                Workflow.newUntypedActivityStub(OPTIONS)
                    .executeAsync(RunBeforeReader.TYPE, Answer.class, now)
                    .handle(
                        (answer, failure) -> {
                          if (number == asked) {
                            answered(answer, failure);
                          }
                          return null;
                        }));
    asking.run();
  }

  private void answered(@Nullable Answer answer, @Nullable RuntimeException failure) {
    asking = null;
    if (answer != null) {
      blocked = answer.blocked();
      List.copyOf(waiting).forEach(Node::changed);
    } else if (failure != null && !Failures.isCancel(failure)) {
      List.copyOf(waiting).stream().filter(this::isAwaitedBy).forEach(node -> node.fail(failure));
    }
  }

  boolean isAwaitedBy(Node<?, ?> node) {
    return node.state() == NodeState.NONE && waiting.contains(node);
  }

  /** Lets a task start whatever became of it in the run before. */
  void release(Node<?, ?> node) {
    released.add(node);
  }

  /** What was cleared is to ask anew. */
  void forget() {
    close();
    blocked = null;
  }

  /** Asks no more. */
  void close() {
    asked++;
    if (asking != null) {
      asking.cancel();
      asking = null;
    }
    waiting.clear();
  }
}
