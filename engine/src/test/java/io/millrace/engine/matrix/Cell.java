package io.millrace.engine.matrix;

import io.millrace.engine.matrix.Step.Clear;
import io.millrace.engine.matrix.Step.End;
import io.millrace.engine.matrix.Step.Input;
import io.millrace.engine.matrix.Step.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One cell of the matrix: an operation on a subject in a state. */
record Cell(OperationKind operation, Subject subject, State state) {

  /** The states of the matrix; {@code waiting} is {@code NONE}. */
  static final List<State> STATES =
      List.of(
          State.NONE,
          State.QUEUED,
          State.RUNNING,
          State.SUCCESS,
          State.FAILED,
          State.SKIPPED,
          State.UPSTREAM_FAILED);

  static List<Cell> all() {
    List<Cell> cells = new ArrayList<>();
    for (OperationKind operation : OperationKind.values()) {
      for (Subject subject : Subject.values()) {
        for (State state : STATES) {
          cells.add(new Cell(operation, subject, state));
        }
      }
    }
    return cells;
  }

  /** Why there is no such cell, if so. The only place that says so. */
  Optional<String> impossible() {
    if (operation.isForItems() && !subject.kind.isMap()) {
      return Optional.of("it has no items");
    }
    if (state == State.QUEUED && (subject.kind.isDecider() || subject.kind.awaitsInput())) {
      return Optional.of("it makes no call, so it waits for no slot");
    }
    if (state == State.RUNNING && subject.kind.isDecider()) {
      return Optional.of("it decides at once, within the run");
    }
    if (state == State.RUNNING && subject.kind == Kind.TRIGGER) {
      return Optional.of("it ends as soon as the other run has started");
    }
    return Optional.empty();
  }

  /** Does the whole cell. */
  void play(Lockstep run) {
    run.start();
    reach(run);
    if (operation == OperationKind.RERUN) {
      rerun(run);
    } else {
      operate(run);
      run.finish();
    }
  }

  /** Brings the subject into the state. */
  private void reach(Lockstep run) {
    if (state == State.NONE) {
      if (subject == Subject.TEARDOWN) {
        run.take(new End(Subject.ABOVE, Outcome.SUCCESS));
        run.take(new End("up", Outcome.SUCCESS));
      }
      return;
    }
    boolean skips = state == State.SKIPPED && !hasExecutions();
    Outcome above =
        state == State.UPSTREAM_FAILED ? Outcome.FAILED : skips ? Outcome.SKIPPED : Outcome.SUCCESS;
    if (subject == Subject.TEARDOWN) {
      run.take(new End(Subject.ABOVE, Outcome.SUCCESS));
      run.take(new End("up", above));
      if (above == Outcome.SUCCESS) {
        run.take(new End("work", Outcome.SUCCESS));
      }
    } else {
      run.take(new End(Subject.ABOVE, above));
    }
    if (state.isTerminal() && above == Outcome.SUCCESS) {
      endSubject(run);
    }
    if (state.isTerminal()) {
      settleTheRest(run);
    }
  }

  /** Whether the subject can be skipped by what it executes. */
  private boolean hasExecutions() {
    return switch (subject) {
      case TASK, MAP_OF_3, MAP_RUNS, CHILD, SENSOR, SETUP -> true;
      default -> false;
    };
  }

  private void endSubject(Lockstep run) {
    Outcome outcome = Outcome.valueOf(state.name());
    if (subject.kind.isMap()) {
      endItems(run, outcome);
    } else if (subject.kind == Kind.TASK
        || subject.kind == Kind.CHILD
        || subject.kind == Kind.SENSOR) {
      for (String target : subject.targets()) {
        if (run.model().executing().contains(target)) {
          run.take(new End(target, outcome));
        }
      }
    } else if (subject.kind.awaitsInput()) {
      String target = subject.targets().get(0);
      run.take(outcome == Outcome.FAILED ? Mark.of(target, State.FAILED) : new Input(target));
    } else if (outcome == Outcome.FAILED
        && (subject.kind == Kind.TRIGGER || subject.kind == Kind.LATEST_ONLY)) {
      run.take(Mark.of("x", State.FAILED));
    }
  }

  /** One item fails, or all are skipped, or all succeed. */
  private void endItems(Lockstep run, Outcome outcome) {
    boolean first = true;
    for (String key : List.copyOf(run.model().executing())) {
      if (key.startsWith("x[")) {
        run.take(new End(key, outcome == Outcome.FAILED && !first ? Outcome.SUCCESS : outcome));
        first = false;
      }
    }
  }

  /** Ends all but the keeper, so that what an operation does can be told from what goes on. */
  private static void settleTheRest(Lockstep run) {
    while (true) {
      Optional<String> next =
          run.model().executing().stream().filter(key -> !key.equals(Subject.KEEPER)).findFirst();
      if (next.isEmpty()) {
        return;
      }
      run.take(new End(next.get(), Outcome.SUCCESS));
    }
  }

  private void operate(Lockstep run) {
    GraphSpec spec = run.model().spec;
    List<String> targets = subject.targets();
    switch (operation) {
      case CLEAR -> run.take(new Clear(targets, false, true, false));
      case CLEAR_ONLY_FAILED -> run.take(new Clear(targets, false, true, true));
      case CLEAR_WITHOUT_DOWNSTREAM -> run.take(new Clear(targets, false, false, false));
      case CLEAR_ITEM -> run.take(Clear.of("x[" + item() + "]"));
      case MARK_SUCCESS -> mark(run, State.SUCCESS);
      case MARK_FAILED -> mark(run, State.FAILED);
      case MARK_SKIPPED -> mark(run, State.SKIPPED);
      case MARK_WITH_VALUE ->
          targets.forEach(
              id ->
                  run.take(new Mark(id, State.SUCCESS, Step.valueFor(spec.task(id), spec), true)));
      case MARK_WITH_WRONG_VALUE ->
          run.take(new Mark(targets.get(0), State.SUCCESS, Step.wrongValue(), false));
      case MARK_ITEM_SUCCESS ->
          run.take(new Mark("x[" + item() + "]", State.SUCCESS, Lockstep.number(77), true));
      case MARK_ITEM_FAILED -> run.take(Mark.of("x[" + item() + "]", State.FAILED));
      case HOLD_AND_RELEASE -> {
        run.take(new Step.Hold(null));
        settleTheRest(run);
        run.take(new Step.Release(null));
      }
      case BREAKPOINT -> {
        run.take(new Step.Hold(targets.get(0)));
        settleTheRest(run);
      }
      case CANCEL -> run.take(new Step.Cancel());
      case RERUN -> throw new IllegalStateException("is no step of a run");
    }
  }

  private void mark(Lockstep run, State to) {
    subject.targets().forEach(id -> run.take(Mark.of(id, to)));
  }

  private int item() {
    return subject == Subject.MAP_OF_501 ? TaskSpec.MANUAL_ITEM : 0;
  }

  /** A run that goes on is not rerun; it is cancelled first. */
  private void rerun(Lockstep run) {
    run.refusesRerun();
    if (!state.isTerminal()) {
      run.take(new Step.Cancel());
    }
    run.finish();
    run.rerun(List.of());
    run.finish();
  }

  @Override
  public String toString() {
    return "%s of a %s that is %s".formatted(operation, subject, state);
  }
}
