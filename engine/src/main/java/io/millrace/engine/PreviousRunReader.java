package io.millrace.engine;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells which tasks the run before lets start, from that run's own word. */
@ActivityInterface
public interface PreviousRunReader {

  /** The activity's type. */
  String TYPE = "millrace_run_before";

  /**
   * Looks at the run before. Answers at once if nothing is known yet; else fails as {@link
   * NotReady} while it finds what is known, so that the server asks again. That is only the safety
   * net: a run that goes on is asked to signal when something changes, which the answer says in
   * {@link Answer#registered}.
   */
  @ActivityMethod(name = TYPE)
  Answer read(Question question);

  /**
   * What a run asks.
   *
   * @param dag the DAG
   * @param nominal the run's nominal time; that of the run before is earlier
   * @param adjacent the nominal time before, or null if the run knows no timetable
   * @param certain whether the run of {@code adjacent} exists or is about to
   * @param tasks those that depend on the past
   * @param known what the last answer said, or null
   * @param registered the last answer's {@link Answer#registered}, or null
   */
  record Question(
      String dag,
      Instant nominal,
      @Nullable Instant adjacent,
      boolean certain,
      List<Wanted> tasks,
      @Nullable Map<String, String> known,
      @Nullable String registered) {
    public Question {
      tasks = List.copyOf(tasks);
    }

    Question knowing(@Nullable Map<String, String> blocked, @Nullable String registeredWith) {
      return new Question(dag, nominal, adjacent, certain, tasks, blocked, registeredWith);
    }
  }

  /**
   * One task that depends on the past.
   *
   * @param below the tasks that must have succeeded or been skipped besides
   */
  record Wanted(String task, List<String> below) {
    public Wanted {
      below = List.copyOf(below);
    }
  }

  /**
   * The tasks that must wait.
   *
   * @param blocked what each waits for, by its id; the others may start
   * @param registered the execution of the run before that will signal every change, as {@code
   *     workflowId/runId}; null if none will, because it has ended or has not begun
   */
  record Answer(Map<String, String> blocked, @Nullable String registered) {}
}
