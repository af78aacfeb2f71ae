package io.millrace.engine.matrix;

import io.millrace.engine.matrix.RandomGraph.Draft;
import io.millrace.engine.matrix.TaskModel.Call;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Whatever is done to whatever graph, in whatever order, the run does what the model says: never
 * two executions of a task at the same time, the right values below, and an end.
 *
 * <p>The seed is fixed, so that the same graphs are tested every time; another one looks further.
 */
class RandomRunsPropertyTest {

  private static final Server SERVER = new MemoryServer();

  @AfterContainer
  static void stop() {
    SERVER.close();
  }

  @Property(tries = 150, seed = "20", edgeCases = EdgeCasesMode.NONE)
  void aRunDoesWhatTheRulesSay(
      @ForAll("graphs") RandomGraph graph, @ForAll("steps") List<RandomStep> steps) {
    Lockstep run = new Lockstep(SERVER, graph.spec(), "random operations");
    try {
      run.start();
      play(run, steps);
      run.finish();
    } finally {
      run.abandon();
    }
  }

  @Property(tries = 50, seed = "20", edgeCases = EdgeCasesMode.NONE)
  void aRerunTakesOverWhatTheRulesSay(
      @ForAll("graphs") RandomGraph graph,
      @ForAll("steps") List<RandomStep> before,
      @ForAll("steps") List<RandomStep> after) {
    Lockstep run = new Lockstep(SERVER, graph.spec(), "random operations, then a rerun");
    try {
      run.start();
      play(run, before);
      run.finish();
      run.rerun(List.of());
      play(run, after);
      run.finish();
    } finally {
      run.abandon();
    }
  }

  private static void play(Lockstep run, List<RandomStep> steps) {
    Set<String> cancelled = new HashSet<>();
    for (RandomStep step : steps) {
      Optional<Step> next = run.model().hasEnded() ? Optional.empty() : step.in(run.model());
      next.filter(any -> mayCancel(run.model(), any, cancelled)).ifPresent(run::take);
      childRuns(run.model()).filter(call -> !call.wanted).map(Call::key).forEach(cancelled::add);
    }
  }

  /** The server in memory lets a run cancel a child run's id once, also when it was used again. */
  private static boolean mayCancel(ReferenceRun run, Step step, Set<String> cancelled) {
    boolean cancels =
        step instanceof Step.Clear || step instanceof Step.Mark || step instanceof Step.Cancel;
    return !cancels
        || childRuns(run).filter(call -> call.wanted).map(Call::key).noneMatch(cancelled::contains);
  }

  private static Stream<Call> childRuns(ReferenceRun run) {
    return run.tasks.values().stream()
        .filter(task -> task.spec.kind() == Kind.CHILD || task.spec.kind() == Kind.MAP_RUNS)
        .flatMap(task -> task.calls.stream());
  }

  @Provide
  Arbitrary<RandomGraph> graphs() {
    Arbitrary<Draft> draft =
        Combinators.combine(
                Arbitraries.integers().between(0, 15),
                Arbitraries.integers().between(0, 1 << 11),
                Arbitraries.integers().between(0, 24),
                Arbitraries.integers().between(0, 4),
                Arbitraries.integers().between(0, 7))
            .as((kind, above, rule, items, choice) -> new Draft(kind, above, rule, items, choice));
    return Combinators.combine(
            draft.list().ofMinSize(3).ofMaxSize(11),
            Arbitraries.of(false, false, true),
            Arbitraries.of(true, false))
        .as(RandomGraph::new);
  }

  @Provide
  Arbitrary<List<RandomStep>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 19),
            Arbitraries.integers().between(0, 11),
            Arbitraries.integers().between(0, 9))
        .as(RandomStep::new)
        .list()
        .ofMaxSize(24);
  }
}
