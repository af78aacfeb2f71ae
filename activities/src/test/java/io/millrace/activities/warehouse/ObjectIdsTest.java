package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ObjectIdsTest {
  @Test
  void joinsNeighboursToRanges() {
    assertThat(ObjectIds.condition("id", new Long[] {7L, 3L, 4L, 5L, 4L}))
        .isEqualTo("(id BETWEEN 3 AND 5 OR id BETWEEN 7 AND 7)");
  }

  @Test
  void listsScatteredIdsWithinTheirRange() {
    Long[] odd = LongStream.range(0, 20).map(i -> 2 * i + 1).boxed().toArray(Long[]::new);

    assertThat(ObjectIds.condition("id", odd))
        .startsWith("(id BETWEEN 1 AND 39 AND id + 0 = ANY ('{1,3,5,")
        .endsWith(",37,39}'::bigint[]))");
  }
}
