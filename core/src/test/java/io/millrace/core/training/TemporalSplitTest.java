package io.millrace.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TemporalSplitTest {

  @Test
  void takesTheNewestSessionsForTheTest() {
    String[] sessions = IntStream.range(0, 100).mapToObj(i -> "s" + i).toArray(String[]::new);
    long[] times = IntStream.range(0, 100).mapToLong(i -> 1000 - i).toArray();

    TemporalSplit split = TemporalSplit.of(sessions, times, 0.15, 0.15);

    assertThat(split.train()).hasSize(70).startsWith(30);
    assertThat(split.validation()).hasSize(15).startsWith(15);
    assertThat(split.test()).hasSize(15).startsWith(0);
    assertThat(split.testFrom()).isEqualTo(1000 - 14);
  }

  @Property(tries = 300)
  void partsEveryRowOnceAndNoSession(
      @ForAll @Size(min = 1, max = 80) List<@IntRange(max = 12) Integer> sessionNumbers,
      @ForAll @Size(80) List<@IntRange(max = 50) Integer> timeValues) {
    int n = sessionNumbers.size();
    String[] sessions = sessionNumbers.stream().map(i -> "s" + i).toArray(String[]::new);
    long[] times = timeValues.stream().limit(n).mapToLong(Integer::longValue).toArray();

    TemporalSplit split = TemporalSplit.of(sessions, times, 0.2, 0.2);

    int[] all =
        java.util.stream.Stream.of(split.train(), split.validation(), split.test())
            .flatMapToInt(Arrays::stream)
            .sorted()
            .toArray();
    assertThat(all).isEqualTo(IntStream.range(0, n).toArray());
    Set<String> seen = new HashSet<>();
    for (int[] part : List.of(split.train(), split.validation(), split.test())) {
      Set<String> here = new HashSet<>();
      Arrays.stream(part).forEach(row -> here.add(sessions[row]));
      assertThat(here).noneMatch(seen::contains);
      seen.addAll(here);
    }
    long[] starts = TemporalSplit.sessionStarts(sessions, times);
    assertThat(Arrays.stream(split.test()).mapToLong(row -> starts[row]))
        .allMatch(start -> start >= split.testFrom());
    assertThat(IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.validation())))
        .allMatch(row -> starts[row] < split.testFrom());
  }

  @Test
  void refusesSharesThatLeaveNothing() {
    assertThatThrownBy(() -> TemporalSplit.of(new String[0], new long[0], 0.5, 0.5))
        .hasMessageContaining("leave rows to train on");
  }
}
