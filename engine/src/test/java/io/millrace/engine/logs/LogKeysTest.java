package io.millrace.engine.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LogKeysTest {

  private static final Instant TEN = Instant.parse("2026-11-21T10:00:00.125Z");

  @Test
  void areLaidOutAsAirflows() {
    assertThat(LogKeys.of(new TaskTry("mill", "mill-2026-11-21T10:00:00Z", "grind", "2", TEN, 3)))
        .isEqualTo(
            "dag_id=mill/run_id=mill-2026-11-21T10:00:00Z/task_id=grind/map_index=2"
                + "/scheduled=20261121T100000.125Z/attempt=3.log");
    assertThat(LogKeys.of(new TaskTry("mill", "a/b", "grind", null, TEN, 1)))
        .isEqualTo(
            "dag_id=mill/run_id=a~2Fb/task_id=grind/scheduled=20261121T100000.125Z/attempt=1.log");
  }

  @Property(tries = 200)
  void areReadBack(@ForAll String run, @ForAll String item) {
    TaskTry tried = new TaskTry("mill", wellFormed(run), "grind", wellFormed(item), TEN, 12);
    assertThat(LogKeys.parse(LogKeys.of(tried))).contains(tried);
  }

  @Test
  void whatIsNoneOfOursIsLeftAlone() {
    assertThat(LogKeys.parse("dag_id=mill/notes.txt")).isEmpty();
    assertThat(LogKeys.parse("dag_id=mill/run_id=r/attempt=1.log")).isEmpty();
    assertThat(LogKeys.parse("other/attempt=1.log")).isEmpty();
  }

  /** Half a surrogate pair has no UTF-8. */
  private static String wellFormed(String text) {
    return text.replaceAll("[\\ud800-\\udfff]", "x");
  }
}
