package io.millrace.workers.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.workers.cli.CommandFailure;
import io.millrace.workers.cli.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StageRunnerTest {
  private final StringWriter out = new StringWriter();
  private final PrintWriter writer = new PrintWriter(out, true);
  private final StageRunner runner =
      new StageRunner(new Console(writer, writer, false, 80, Map.of(), Path.of("."), Path.of(".")));

  @Test
  void showsWhatAStageDidAndKeepsItsTime() {
    runner.run(stage(Duration.ofMinutes(1), () -> "100 messages"), new DemoRun());

    assertThat(out.toString()).matches("(?s)pour +[0-9.]+ s  100 messages\\R");
    assertThat(runner.seconds()).containsOnlyKeys("pour");
  }

  @Test
  void whatAStageDidFitsThePersonsTerminal() {
    Console terminal = new Console(writer, writer, true, 60, Map.of(), Path.of("."), Path.of("."));

    new StageRunner(terminal)
        .run(stage(Duration.ofMinutes(1), () -> "100 messages, ".repeat(8)), new DemoRun());

    String shown = out.toString().replaceAll("\u001b\\[[0-9]*[AJ]", "");
    assertThat(shown.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(60));
    assertThat(shown.split("100 messages", -1)).hasSizeGreaterThan(8);
  }

  @Test
  void aFailureNamesTheStageTheReasonAndWhatToLookAt() {
    Stage stage =
        stage(
            Duration.ofMinutes(1),
            () -> {
              throw new IllegalStateException("the tap is dry");
            });

    assertThatThrownBy(() -> runner.run(stage, new DemoRun()))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("stage 'pour' failed: the tap is dry\n  look at: the tap");
  }

  @Test
  void aStageThatIsStuckEndsAtItsLimit() {
    CountDownLatch never = new CountDownLatch(1);
    Stage stage =
        stage(
            Duration.ofMillis(1),
            () -> {
              never.await();
              return "";
            });

    assertThatThrownBy(() -> runner.run(stage, new DemoRun()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("last seen: half full");
  }

  private static Stage stage(Duration limit, Callable<String> work) {
    return new Stage() {
      @Override
      public String name() {
        return "pour";
      }

      @Override
      public Duration limit() {
        return limit;
      }

      @Override
      public String lookAt() {
        return "the tap";
      }

      @Override
      public String run(DemoRun run, Consumer<String> progress) throws Exception {
        progress.accept("half full");
        return work.call();
      }
    };
  }
}
