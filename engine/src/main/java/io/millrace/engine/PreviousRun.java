package io.millrace.engine;

import io.millrace.engine.PreviousRunReader.Answer;
import io.millrace.engine.PreviousRunReader.Question;
import io.millrace.engine.PreviousRunReader.Wanted;
import io.millrace.engine.schedule.ScheduledRun;
import io.millrace.engine.schedule.ScheduledRun.Before;
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
 * <p>The rule: a task that waits for the previous run starts as soon as that run lets it. One
 * activity asks for all of them, when the first is about to start; most often every one may, and
 * that is all. While some must wait, a previous run that goes on signals every change to this one
 * ({@link RunsAfter}), which the activity has asked it to. The activity itself is tried again at
 * bounded intervals, which writes no history: it finds what no run can signal, such as a rerun of a
 * run that has ended.
 */
final class PreviousRun {

  private static final ActivityOptions OPTIONS =
      ActivityOptions.newBuilder()
          .setSummary("the run before")
          .setStartToCloseTimeout(Duration.ofSeconds(10))
          .setRetryOptions(
              RetryOptions.newBuilder()
                  .setInitialInterval(Duration.ofMillis(500))
                  .setBackoffCoefficient(1.5)
                  .setMaximumInterval(Duration.ofSeconds(10))
                  .build())
          .build();

  private final @Nullable Question question;
  private final Set<Node<?, ?>> waiting = new LinkedHashSet<>();
  private final Set<Node<?, ?>> released = new LinkedHashSet<>();
  private @Nullable Map<String, String> blocked;
  private @Nullable String registered;
  private @Nullable CancellationScope asking;
  private int asked;

  /**
   * Finds out which run it is.
   *
   * @throws ApplicationFailure if tasks depend on it and it cannot come before this one
   */
  PreviousRun(RunInfo info, Graph graph) {
    this.question = question(info, graph).orElse(null);
    if (question != null) {
      Workflow.registerListener(new Changes());
    }
  }

  private static Optional<Question> question(RunInfo info, Graph graph) {
    List<Wanted> tasks =
        graph.order().stream()
            .filter(PreviousRun::depends)
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
    Instant adjacent = schedule.flatMap(memo -> memo.previous(nominal.get())).orElse(null);
    boolean first = schedule.isPresent() && schedule.get().isFirst(nominal.get());
    return first
        ? Optional.empty()
        : Optional.of(
            new Question(
                info.dagId(),
                nominal.get(),
                adjacent,
                before == Before.ADJACENT,
                tasks,
                null,
                null));
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
  boolean mayStart(Node<?, ?> node) {
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
    Question now = about.knowing(blocked, registered);
    asking =
        Workflow.newCancellationScope(
            () ->
                Workflow.newUntypedActivityStub(OPTIONS)
                    .executeAsync(PreviousRunReader.TYPE, Answer.class, now)
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
      take(answer);
    } else if (failure != null && !Failures.isCancel(failure)) {
      List.copyOf(waiting).stream().filter(this::isAwaitedBy).forEach(node -> node.fail(failure));
    }
  }

  private void take(Answer answer) {
    blocked = answer.blocked();
    registered = answer.registered();
    List.copyOf(waiting).forEach(Node::changed);
  }

  /** Hears the run before. */
  private final class Changes implements PreviousRunSignals {
    @Override
    public void changed(Answer answer) {
      boolean asked = blocked != null || !waiting.isEmpty();
      if (!asked || (registered != null && !registered.equals(answer.registered()))) {
        return; // of before a clear, or of a run that a rerun has replaced
      }
      if (answer.blocked().isEmpty()) {
        stopAsking();
      }
      take(answer);
    }
  }

  boolean isAwaitedBy(Node<?, ?> node) {
    return node.state() == NodeState.NONE && waiting.contains(node);
  }

  /** Lets a task start whatever became of it in the run before. */
  void release(Node<?, ?> node) {
    released.add(node);
  }

  /** What was cleared asks again. */
  void forget() {
    close();
    blocked = null;
    registered = null;
  }

  /** Asks no more. */
  void close() {
    stopAsking();
    waiting.clear();
  }

  private void stopAsking() {
    asked++;
    if (asking != null) {
      asking.cancel();
      asking = null;
    }
  }
}
