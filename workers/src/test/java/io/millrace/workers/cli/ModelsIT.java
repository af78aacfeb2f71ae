package io.millrace.workers.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.MlflowTracking;
import io.millrace.activities.registry.ModelUpload;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.RegisteredModel;
import io.millrace.core.serving.ModelSchema;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person types to let a version serve, on a real MLflow. */
class ModelsIT {
  private static LocalStack stack;
  private static MlflowTracking tracking;
  private static MlflowRegistry registry;
  private static int models;

  private Terminal terminal;
  private String model = "";

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.MLFLOW, Component.REDIS);
    MlflowConfig mlflow = MlflowConfig.of(stack.endpoints().mlflow().trackingUri());
    tracking = new MlflowTracking(mlflow);
    registry = new MlflowRegistry(mlflow);
  }

  @AfterAll
  static void stop() {
    tracking.close();
    stack.close();
  }

  /** Version 1 passed its gate, 2 did too, 3 did not, 4 was evaluated by none, 5 is damaged. */
  @BeforeEach
  void register() throws IOException {
    Path state = stack.stack().config().state();
    terminal = new Terminal(state.getParent(), Map.of("MILLRACE_DATA", state.toString()));
    model = "iris-" + models++;
    Path file = stack.stack().config().home().resolve("core/src/test/resources/serving/iris.ubj");
    byte[] good = Files.readAllBytes(file);
    for (String gate : List.of("passed", "passed", "held", "", "passed")) {
      boolean damaged = registry.versions(model).size() == 4;
      version(damaged ? new byte[] {1} : good, gate);
    }
  }

  private void version(byte[] file, String gate) {
    String schema =
        ModelSchema.numbers(List.of("sepal_length", "sepal_width", "petal_length", "petal_width"))
            .toJson();
    ModelVersion made =
        new ModelUpload(tracking, registry, Clock.systemUTC())
            .register(
                model,
                "for a test",
                Map.of("model.ubj", file, ModelSchema.FILE_NAME, schema.getBytes(UTF_8)));
    if (!gate.isEmpty()) {
      registry.setVersionTag(model, made.version(), ModelVersion.GATE, gate);
    }
  }

  @Test
  void promotesRollsBackAndRecordsBoth() {
    assertThat(models("promote", model, "1")).isZero();
    assertThat(terminal.out()).isEqualTo("champion, current of " + model + " is version 1\n");
    assertThat(models("promote", model, "2", "--reason", "fewer refunds")).isZero();
    assertThat(aliases()).isEqualTo(Map.of("champion", "2", "current", "2"));
    assertThat(models("rollback", model, "--reason", "more refunds")).isZero();
    assertThat(terminal.out()).contains("is version 1 again, instead of version 2");
    assertThat(aliases()).isEqualTo(Map.of("champion", "1", "current", "1"));

    assertThat(models("history", model)).isZero();
    assertThat(terminal.out().lines().skip(1).map(line -> line.replaceAll(" +", " ").strip()))
        .satisfiesExactly(
            line -> assertThat(line).contains(" 2 1 rollback ", "more refunds"),
            line -> assertThat(line).contains(" 1 2 promotion ", "fewer refunds"),
            line -> assertThat(line).contains(" 1 promotion ", "promoted by command"));
    assertThat(models("rollback", model)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("is known to have served before version 1");
  }

  @Test
  void goesPastTheGateOnlyByForceWithAReason() {
    assertThat(models("promote", model, "3")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("did not pass the gate", "force the promotion");
    assertThat(models("promote", model, "4")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("was evaluated by no gate");
    assertThat(models("promote", model, "3", "--force")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("--force needs a --reason");
    assertThat(models("promote", model, "5", "--force", "--reason", "I want it"))
        .as("a damaged version")
        .isEqualTo(ExitCode.FAILED);
    assertThat(aliases()).isEmpty();

    assertThat(models("promote", model, "3", "--force", "--reason", "the test set is wrong"))
        .isZero();
    assertThat(aliases()).isEqualTo(Map.of("champion", "3", "current", "3"));
    assertThat(models("history", model)).isZero();
    assertThat(terminal.out()).contains("forced", "the test set is wrong", "command line, user ");
  }

  @Test
  void aCanaryThatCannotStartLeavesTheRunningOneAlone() {
    assertThat(models("canary", model, "--share", "0.3")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("has no canary");
    assertThat(models("canary", model, "2", "--share", "0.2")).isZero();
    assertThat(models("canary", model, "999", "--share", "0.33")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("Version 999 of '" + model + "' is not registered");
    assertThat(models("canary", model, "5", "--share", "0.33")).isEqualTo(ExitCode.FAILED);
    assertThat(list()).contains(model + " 2 0.2");
    assertThat(models("canary", model, "--share", "0.5")).isZero();
    assertThat(list()).contains(model + " 2 0.5");
    assertThat(models("canary", model, "--end")).isZero();
    assertThat(registered().tags()).isEmpty();
    assertThat(models("canary", model, "2", "--share", "2")).isEqualTo(ExitCode.USAGE);

    assertThat(models("shadow", model, "4")).isZero();
    assertThat(aliases()).isEqualTo(Map.of("shadow", "4"));
    assertThat(models("shadow", model, "--end")).isZero();
    assertThat(aliases()).isEmpty();
  }

  @Test
  void saysWhatIsUnknownAndThatTheRegistryIsAway() {
    assertThat(models("promote", "nope", "1")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("No model 'nope' is registered");
    assertThat(models("promote", model, "latest")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("Version latest of '" + model + "' is not registered");
    terminal = terminal.with("MLFLOW_TRACKING_URI", "http://127.0.0.1:1");
    assertThat(models("rollback", model)).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(terminal.err()).contains("MLflow at http://127.0.0.1:1 gave no answer");
  }

  private int models(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "models";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return terminal.millrace(all);
  }

  private String list() {
    assertThat(models("list")).isZero();
    return terminal.out().replaceAll(" +", " ");
  }

  private RegisteredModel registered() {
    return registry.model(model).orElseThrow();
  }

  private Map<String, String> aliases() {
    return registered().aliases();
  }
}
