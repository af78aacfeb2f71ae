package io.millrace.engine.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.matrix.Step.Clear;
import io.millrace.engine.matrix.Step.End;
import io.millrace.engine.matrix.Step.Hold;
import io.millrace.engine.matrix.Step.Input;
import io.millrace.engine.matrix.Step.Mark;
import io.millrace.engine.matrix.Step.Release;
import java.util.List;
import java.util.Optional;

/**
 * A step as plain numbers; what it is depends on where the run stands.
 *
 * @param what kind of step
 * @param which task or execution
 * @param how in which way
 */
record RandomStep(int what, int which, int how) {

  private static final List<State> MARKS =
      List.of(State.SUCCESS, State.SUCCESS, State.FAILED, State.SKIPPED);

  /** The step, or nothing if there is none of the kind now. */
  Optional<Step> in(ReferenceRun run) {
    return switch (what) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> end(run).or(() -> input(run));
      case 8, 9 -> input(run).or(() -> end(run));
      case 10, 11 -> clear(run);
      case 12, 13 -> mark(run);
      case 14 -> clearItem(run);
      case 15 -> markItem(run);
      case 16 -> Optional.of(run.held ? new Release(null) : new Hold(null));
      case 17 -> breakpoint(run);
      case 18 -> Optional.of(new Clear(List.of(), false, true, false));
      default -> how == 0 ? Optional.of(new Step.Cancel()) : end(run);
    };
  }

  private Optional<Step> end(ReferenceRun run) {
    List<String> keys = List.copyOf(run.executing());
    Outcome outcome = how < 6 ? Outcome.SUCCESS : how < 9 ? Outcome.FAILED : Outcome.SKIPPED;
    return keys.isEmpty() ? Optional.empty() : Optional.of(new End(pick(keys), outcome));
  }

  private Optional<Step> input(ReferenceRun run) {
    List<TaskModel> waiting =
        run.tasks.values().stream().filter(task -> task.state == State.AWAITING_INPUT).toList();
    return waiting.isEmpty() ? Optional.empty() : Optional.of(new Input(pick(waiting).id()));
  }

  private Optional<Step> clear(ReferenceRun run) {
    String id = pick(List.copyOf(run.tasks.keySet()));
    // A setup alone would leave what it sets up: nobody tears that down again.
    boolean downstream = how != 1 || run.spec.isSetup(id);
    return Optional.of(new Clear(List.of(id), how == 2, downstream, how == 3));
  }

  private Optional<Step> mark(ReferenceRun run) {
    TaskModel task = pick(List.copyOf(run.tasks.values()));
    State state = MARKS.get(how % MARKS.size());
    boolean gate = task.spec.kind() == Kind.GATE;
    JsonNode value =
        state == State.SUCCESS && (how >= 5 || gate) ? Step.valueFor(task.spec, run.spec) : null;
    return Optional.of(new Mark(task.id(), state, value, true));
  }

  private Optional<TaskModel> map(ReferenceRun run) {
    List<TaskModel> maps = run.tasks.values().stream().filter(task -> task.items != null).toList();
    return maps.isEmpty() ? Optional.empty() : Optional.of(pick(maps));
  }

  /** Not of a held run, nor of a map in a setup's scope: Airflow leaves open what that means. */
  private Optional<Step> clearItem(ReferenceRun run) {
    return map(run)
        .filter(task -> !run.held && run.breakpoints.isEmpty())
        .filter(task -> run.spec.scopesOf(task.id()).isEmpty())
        .filter(task -> task.state != State.NONE && task.state != State.RESTARTING)
        .map(task -> Clear.of(task.spec.key(how % task.items().size())));
  }

  private Optional<Step> markItem(ReferenceRun run) {
    return map(run)
        .filter(task -> task.state != State.NONE && task.state != State.RESTARTING)
        .map(
            task -> {
              State state = MARKS.get(how % MARKS.size());
              JsonNode value = state == State.SUCCESS ? Lockstep.number(40 + how) : null;
              return new Mark(task.spec.key(how % task.items().size()), state, value, true);
            });
  }

  private Optional<Step> breakpoint(ReferenceRun run) {
    if (!run.breakpoints.isEmpty()) {
      return Optional.of(new Release(run.breakpoints.iterator().next()));
    }
    return Optional.of(new Hold(pick(List.copyOf(run.tasks.keySet()))));
  }

  private <T> T pick(List<T> from) {
    return from.get(which % from.size());
  }
}
