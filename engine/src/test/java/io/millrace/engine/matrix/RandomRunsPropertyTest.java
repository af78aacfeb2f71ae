package io.millrace.engine.matrix;

import io.millrace.engine.matrix.RandomGraph.Draft;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Whatever is done to whatever graph, in whatever order, the run does what the model says: never
 * two executions of a task at the same time, the right values below, and an end.
 *
 * <p>The seed is fixed, so that the same graphs are tested every time; another one looks further.
 */
@Tag("long")
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
    for (RandomStep step : steps) {
      Optional<Step> next = run.model().hasEnded() ? Optional.empty() : step.in(run.model());
      next.ifPresent(run::take);
    }
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
