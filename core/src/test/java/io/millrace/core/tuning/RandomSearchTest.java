package io.millrace.core.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RandomSearchTest {
  private final SearchSpace space = SearchSpace.standard();

  @Property(tries = 300)
  void staysInsideTheSpace(@ForAll long seed, @ForAll @IntRange(max = 10_000) int index) {
    TrialParams trial = RandomSearch.trial(space, seed, index);

    assertThat(trial.maxDepth()).isBetween(3, 4);
    assertThat(trial.learningRate()).isBetween(1e-4, 1e-1);
    assertThat(trial.minChildWeight()).isBetween(1, 5);
    assertThat(trial.subsample()).isBetween(0.5, 1.0);
    assertThat(trial.colsampleBytree()).isBetween(0.5, 1.0);
    assertThat(trial.gamma()).isBetween(0.0, 1.0);
    assertThat(trial).isEqualTo(RandomSearch.trial(space, seed, index));
  }

  @Test
  void givesTheSameTrialHoweverManyAreAskedFor() {
    List<TrialParams> few = RandomSearch.trials(space, 42, 3);

    assertThat(RandomSearch.trials(space, 42, 200))
        .startsWith(few.toArray(new TrialParams[0]))
        .doesNotHaveDuplicates();
    assertThat(RandomSearch.trials(space, 43, 3)).doesNotContainAnyElementsOf(few);
  }

  @Test
  void coversTheSpaceEvenly() {
    List<TrialParams> trials = RandomSearch.trials(space, 1, 4000);

    assertThat(trials.stream().filter(trial -> trial.maxDepth() == 3).count())
        .isBetween(1800L, 2200L);
    assertThat(trials.stream().filter(trial -> trial.learningRate() < Math.sqrt(1e-5)).count())
        .isBetween(1800L, 2200L);
    assertThat(trials.stream().mapToDouble(TrialParams::gamma).average().orElseThrow())
        .isBetween(0.48, 0.52);
  }

  @Test
  void refusesASpaceOutsideWhatXgboostTakes() {
    assertThatThrownBy(() -> new SearchSpace(3, 2, 0.1, 0.1, 1, 1, 1, 1, 1, 1, 0, 0))
        .hasMessageContaining("maxDepth");
    assertThatThrownBy(() -> new SearchSpace(3, 4, 0, 0.1, 1, 1, 1, 1, 1, 1, 0, 0))
        .hasMessageContaining("learningRate must be in (0, 1]");
    assertThatThrownBy(
            () -> new SearchSpace(3, 4, 0.1, 0.1, 1, 1, 1, 1, 1, 1, 0, Double.POSITIVE_INFINITY))
        .hasMessageContaining("gamma must be a number >= 0 and is Infinity");
  }
}
