package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.testing.DagTest;
import io.millrace.engine.testing.HistoryReplay;
import io.millrace.engine.toys.MillActivities;
import io.millrace.engine.toys.MillDag;
import io.millrace.engine.toys.MillDag.MillParams;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryReplayTest {

  private static final Path STORED = Path.of("src/test/resources/histories/mill");

  /** The mill after somebody changed its first task while runs were in flight. */
  public static final class ChangedMill extends DagWorkflow<MillParams> implements MillDag {
    @Override
    protected MillParams defaults() {
      return new MillParams(3);
    }

    @Override
    protected void define(Dag dag, MillParams params, DataInterval interval) {
      dag.task("bake", MillActivities.class, mill -> mill.bake(null));
    }
  }

  @Test
  void storedRunsStillReplay() {
    assertThat(HistoryReplay.replayAll(STORED, MillDag.Impl.class))
        .extracting(file -> file.getFileName().toString())
        .containsExactly("failed.json", "success.json");
  }

  @Test
  void namesTheHistoryThatNoLongerReplays() {
    assertThatThrownBy(() -> HistoryReplay.replayAll(STORED, ChangedMill.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("failed.json does not replay on ChangedMill");
  }

  @Test
  void recordsWhatItReplays(@TempDir Path folder) {
    record(folder);

    assertThat(HistoryReplay.replayAll(folder, MillDag.Impl.class)).hasSize(2);
  }

  @Test
  void anEmptyFolderIsNoProof(@TempDir Path folder) {
    assertThatThrownBy(() -> HistoryReplay.replayAll(folder, MillDag.Impl.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("No history in");
  }

  /** Also how the stored ones were made: {@code record(STORED)}. */
  private static void record(Path folder) {
    try (DagTest mill = DagTest.of(MillDag.Impl.class)) {
      mill.fake("sacks", args -> List.of("sack-0", "sack-1"))
          .fake("grind", args -> 10)
          .fake("weigh", args -> new MillActivities.Weighing(20, 5))
          .fake("bake", args -> "bread")
          .fake("sweep", args -> List.of());
      mill.run(null);
      mill.record(folder.resolve("success.json"));
      mill.fake("weigh", args -> new MillActivities.Weighing(1, 5));
      mill.fake("sweep", args -> thrown());
      mill.run(new MillParams(2));
      mill.record(folder.resolve("failed.json"));
    }
  }

  private static @Nullable Object thrown() {
    throw new IllegalStateException("no broom");
  }
}
