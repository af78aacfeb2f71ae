package io.millrace.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.notify.Notification;
import io.millrace.engine.payload.LoadDag.Kind;
import io.millrace.engine.payload.LoadDag.Load;
import java.util.Collection;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What has to become of a load.
 *
 * @param inHistory what the failed task says without a blob store, or null for success
 * @param inStore the same with one
 */
record LoadCases(Load load, @Nullable String inHistory, @Nullable String inStore) {

  private static final String LARGE = "PayloadTooLarge: ";
  private static final String BROKEN = "java.lang.IllegalStateException: scales ";

  static Stream<LoadCases> all() {
    return Stream.of(
        new LoadCases(load(Kind.RESULT, 1, 10 << 20), LARGE + "The result of ", null),
        new LoadCases(load(Kind.RESULT, 8, 900_000), LARGE + "The result of ", null),
        new LoadCases(load(Kind.LOCAL_RESULT, 1, 3 << 20), LARGE + "The result of ", null),
        new LoadCases(load(Kind.LOCAL_RESULT, 20, 3_000), null, null),
        new LoadCases(load(Kind.LOCAL_RESULT, 60, 100_000), LARGE + "The result of ", null),
        new LoadCases(load(Kind.ARGUMENT, 1, 3 << 20), LARGE + "The input of task 'work[0]'", null),
        new LoadCases(
            load(Kind.LOCAL_ARGUMENT, 1, 3 << 20), LARGE + "The input of task 'work[0]'", null),
        new LoadCases(load(Kind.HEARTBEAT, 1, 200_000), LARGE + "A heartbeat of ", null),
        new LoadCases(load(Kind.HEARTBEAT, 1, 16_000), null, null),
        new LoadCases(load(Kind.MESSAGE, 1, 3 << 20), BROKEN, BROKEN),
        new LoadCases(
            load(Kind.DETAILS, 1, 3 << 20), "Broken: scales [its details", "Broken: scales"));
  }

  /** The most that may be there at once; minutes of a small machine, so not for every test. */
  static Stream<LoadCases> wide() {
    return Stream.of(new LoadCases(load(Kind.RESULT, 500, 65_000), null, null));
  }

  private static Load load(Kind kind, int count, int bytes) {
    return new Load(kind, count, bytes);
  }

  /** Sees that the run ended by its rules. */
  void check(RunReport report, Collection<Notification> alerts, @Nullable String failure) {
    assertThat(report.task("down").state()).as("teardown").isEqualTo(NodeState.SUCCESS);
    if (failure == null) {
      assertThat(report.task("work").detail()).doesNotContain("PayloadTooLarge");
      assertThat(report.state()).isEqualTo(RunState.SUCCESS);
      assertThat(alerts).isEmpty();
      return;
    }
    assertThat(report.state()).isEqualTo(RunState.FAILED);
    assertThat(report.task("work").detail()).contains(failure).hasSizeLessThan(10_000);
    assertThat(alerts).as("alerts, sent at least once").isNotEmpty();
    if (failure.startsWith(LARGE)) {
      assertThat(report.task("work").detail())
          .contains("more than the limit of ")
          .containsAnyOf("pass a reference", "say where it is");
    }
  }

  @Override
  public String toString() {
    return "%s %d x %,d".formatted(load.kind(), load.count(), load.bytes());
  }
}
