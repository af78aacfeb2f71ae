package io.millrace.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.RunReport;
import io.millrace.engine.payload.LoadDag.Kind;
import io.millrace.engine.payload.LoadDag.Work;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.testing.HistoryReplay;
import io.millrace.engine.toys.AnyDag;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link DagTest} has the limits of a server without a blob store; {@link ResultLimitIT} has it.
 */
class ResultLimitTest {

  @ParameterizedTest
  @MethodSource("io.millrace.engine.payload.LoadCases#all")
  void aDagTestEndsAsOnTheServerAndReplays(LoadCases its, @TempDir Path folder) {
    Work work = new Work(its.load());
    try (DagTest test =
        DagTest.of(LoadDag.Impl.class)
            .fake("up", args -> work.up())
            .fake("down", args -> work.down())
            .fake(
                "work",
                args ->
                    switch (its.load().kind()) {
                      case RESULT, LOCAL_RESULT -> work.give(args.get(0, Integer.class));
                      case ARGUMENT, LOCAL_ARGUMENT -> work.take(args.get(0, String.class), 0);
                      case HEARTBEAT -> work.beat(args.get(0, Integer.class));
                      case MESSAGE, DETAILS ->
                          work.breakDown(args.get(0, Kind.class), args.get(1, Integer.class));
                    })) {
      String expected = its.inHistory();
      its.check(
          test.run(its.load()),
          test.notifications(),
          // A fake's exception is known by its simple name.
          expected == null ? null : expected.replace("java.lang.", ""));
      test.record(folder.resolve("load.json"));
    }
    assertThat(HistoryReplay.replayAll(folder, LoadDag.Impl.class)).hasSize(1);
  }

  @Test
  void onlyTheFirstTasksOfARunMayReturnFourTimesAsMuch() {
    try (DagTest test =
        AnyDag.of(
                dag -> {
                  for (int i = 0; i < 66; i++) {
                    dag.task("t" + i, AnyDag.Text.class, AnyDag.Text::text);
                  }
                })
            .otherwise(args -> "x".repeat(200_000))) {
      RunReport report = test.run(null);

      assertThat(report.tasks())
          .filteredOn(task -> task.detail().contains("PayloadTooLarge"))
          .hasSize(2);
    }
  }

  @Test
  void aFailureOfUsualSizeIsPassedOnAsItIs() {
    Measure measure = new Measure(PayloadLimits.DEFAULT, DefaultDataConverter.STANDARD_INSTANCE);

    assertThat(
            List.of(
                new IllegalStateException("scales"),
                ApplicationFailure.newFailure("scales", "Broken", "details"),
                ApplicationFailure.newBuilder().setMessage("scales").setType("Broken").build()))
        .allSatisfy(failure -> assertThat(LimitedFailure.cut(failure, measure)).isSameAs(failure));
  }

  @Test
  void aSizeIsThatOfTheJsonAndCountingStopsEarly() {
    assertThat(ValueSize.of(Map.of("a", List.of(1, 2.5, "b")), 1_000)).isEqualTo(17);
    assertThat(ValueSize.of("ä", 1_000)).isEqualTo(4);
    assertThat(ValueSize.of(null, 1_000)).isZero();
    assertThat(ValueSize.of(new byte[77], 1_000)).isEqualTo(77);
    assertThat(ValueSize.of("x".repeat(1 << 20), 1_000)).isGreaterThan(1_000);
  }

  @Test
  void aCallCountsAtMostALittleMoreThanItMayHave() {
    assertThat(CallSize.of(List.of("abc", 1))).isEqualTo(CallSize.OVERHEAD + 6);
    assertThat(CallSize.of(List.of("x".repeat(5 << 20))))
        .isEqualTo(CallSize.OVERHEAD + PayloadLimits.ARGUMENTS + 1);
  }

  @Test
  void aLimitThatTheServerWouldNotTakeIsRefused() {
    assertThatThrownBy(() -> new PayloadLimits(3 << 20))
        .hasMessage("The limit of a result must be 4,096 to 1,048,576 bytes, but is 3,145,728");
  }
}
