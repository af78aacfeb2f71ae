package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.workers.config.TemporalConfig;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The rule of {@link Failures}, for every command that there is: whatever fails, the exit code is a
 * documented one and the output is sentences for a person.
 */
class CommandTreeTest {
  /** They start processes or serve until they are stopped: only wrong settings are tried. */
  private static final Set<String> STARTS =
      Set.of("up", "worker", "serve", "demo", "codec-server", "serving restart");

  private static final Set<Integer> DOCUMENTED =
      Set.of(ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE, ExitCode.UNREACHABLE);

  private static final Pattern FOR_PROGRAMMERS =
      Pattern.compile(
          "type='|nonRetryable|\\n\\s+at |Caused by|\\b[a-z]+(\\.[a-z0-9_]+)+\\.[A-Z]\\w+"
              + "|\\w+Exception\\b|UNAVAILABLE|DEADLINE_EXCEEDED|NOT_FOUND|FAILED_PRECONDITION"
              + "|PERMISSION_DENIED|INVALID_ARGUMENT|UNAUTHENTICATED|RESOURCE_EXHAUSTED");

  @TempDir private Path folder;
  private final List<String> faults = new ArrayList<>();

  @Test
  void withoutAnyServerEveryCommandSaysWhatDoesNotAnswer() {
    forEach(command -> call(nowhere(), command));
    assertThat(faults).isEmpty();
  }

  @Test
  void wrongSettingsEndEveryCommandThatReadsThem() throws IOException {
    Files.writeString(folder.resolve("millrace.properties"), "kafka.compresion=lz4");
    for (List<String> path : paths()) {
      call(nowhere(), example(path));
    }
    assertThat(faults).isEmpty();
  }

  /** Every refusal that gRPC knows, also those that a server of today does not make. */
  @Test
  void everyAnswerOfTheTemporalServerBecomesASentence() {
    WorkflowExecution run = WorkflowExecution.newBuilder().setWorkflowId("nosuch").build();
    for (Status.Code code : Status.Code.values()) {
      StatusRuntimeException answer =
          code.toStatus()
              .withDescription("io.temporal.Frob: " + code + ": Namespace nope is off")
              .asRuntimeException();
      explain(code, answer);
      explain(code, new WorkflowServiceException(run, "mill", answer));
      explain(code, new WorkflowNotFoundException(run, "mill", answer));
      explain(code, new IllegalStateException("io.grpc.Frob: " + code, answer));
    }
    explain(
        "application",
        new WorkflowUpdateException(
            run,
            "update",
            "clear",
            ApplicationFailure.newNonRetryableFailure("it is refused", "REGISTRY_REFUSED")));
    explain(
        "application",
        CommandFailure.failed(
            "message='it is refused', type='REGISTRY_REFUSED', nonRetryable=true"));
    explain("unforeseen", new NullPointerException());
    assertThat(faults).isEmpty();
  }

  @Test
  void aSlowServerIsNotCalledDead() {
    TemporalFailures temporal =
        new TemporalFailures(
            new TemporalConfig(
                "temporal:7233", "nope", URI.create("http://ui"), Duration.ofSeconds(10)));
    StatusRuntimeException late =
        Status.DEADLINE_EXCEEDED
            .withDescription(
                "CallOptions deadline exceeded after 9.99s. remote_addr=/10.0.0.1:7233")
            .asRuntimeException();
    assertThat(temporal.explain(late).sentence())
        .contains("temporal:7233 did not answer within 10s", "slow", "temporal.rpc-timeout")
        .doesNotContain("Is it running");
    assertThat(temporal.explain(late).exitCode()).isEqualTo(ExitCode.UNREACHABLE);

    StatusRuntimeException namespace =
        Status.NOT_FOUND.withDescription("Namespace nope is not found.").asRuntimeException();
    assertThat(temporal.explain(namespace))
        .isEqualTo(Explanation.usage(temporal.explain(namespace).sentence()));
    assertThat(temporal.explain(namespace).sentence())
        .contains("has no namespace 'nope'", "TEMPORAL_NAMESPACE");
    assertThat(
            Explanation.of(
                    new WorkflowUpdateException(
                        WorkflowExecution.getDefaultInstance(),
                        "update",
                        "clear",
                        ApplicationFailure.newNonRetryableFailure("it is refused", "REFUSED")),
                    temporal)
                .sentence())
        .isEqualTo("it is refused");
  }

  private void explain(Object what, Exception failure) {
    StringWriter printed = new StringWriter();
    PrintWriter writer = new PrintWriter(printed, true);
    int code =
        Failures.explain(
            new Console(writer, writer, false, 80, nowhere(), folder, folder), failure);
    String text = printed.toString();
    if (code == ExitCode.OK
        || !DOCUMENTED.contains(code)
        || text.length() < 20
        || FOR_PROGRAMMERS.matcher(text).find()) {
      faults.add(what + " in " + failure.getClass() + " (" + code + "): " + text);
    }
  }

  @Test
  void everyCommandAnswersAWrongWordWithTheNearest() {
    for (List<String> path : paths()) {
      List<String> mistyped = new ArrayList<>(path);
      String last = mistyped.remove(mistyped.size() - 1);
      mistyped.add(
          last.substring(0, last.length() - 1) + "zz".substring(last.length() > 4 ? 0 : 1));
      String printed = call(nowhere(), mistyped);
      if (!printed.contains("did you mean `") || !printed.contains(last + "`")) {
        faults.add("millrace " + String.join(" ", mistyped) + " does not suggest it:\n" + printed);
      }
    }
    assertThat(faults).isEmpty();
    assertThat(call(nowhere(), List.of("dags", "lst")))
        .contains("did you mean `millrace dags list`");
    assertThat(call(nowhere(), List.of("runs", "list", "--stat", "failed")))
        .contains("did you mean `--state`");
  }

  @Test
  void aWrongNameOfADagIsAnsweredWithTheNearest() {
    for (List<String> command :
        List.of(
            List.of("dags", "show"),
            List.of("dags", "test"),
            List.of("dags", "trigger"),
            List.of("tasks", "list"),
            List.of("backfill", "list", "--dag"),
            List.of(
                "backfill", "create", "--from-date", "2026-01-01", "--to-date", "2026-01-02"))) {
      List<String> typed = new ArrayList<>(command);
      typed.add("data_pipelin");
      assertThat(call(nowhere(), typed)).contains("did you mean 'data_pipeline'?");
    }
  }

  @Test
  void paramsAreCheckedBeforeARunStarts() {
    String printed =
        call(
            nowhere(),
            List.of("dags", "trigger", "training_pipeline", "--params", "{\"trails\":3}"));
    assertThat(printed).contains("trails", "--json-schema").doesNotContain("does not answer");
    assertThat(
            call(
                nowhere(),
                List.of("dags", "trigger", "training_pipeline", "--params", "{\"trials\":\"3\"}")))
        .contains("trials", "\"3\" (text)");
  }

  private void forEach(Consumer<List<String>> action) {
    for (List<String> path : paths()) {
      if (!STARTS.contains(String.join(" ", path))) {
        action.accept(example(path));
      }
    }
  }

  /** Calls a command and notes what a person should not see; returns all that it printed. */
  private String call(Map<String, String> environment, List<String> command) {
    StringWriter printed = new StringWriter();
    PrintWriter writer = new PrintWriter(printed, true);
    Console console = new Console(writer, writer, false, 80, environment, folder, folder);
    int code = Millrace.run(console, command.toArray(String[]::new));
    String text = printed.toString();
    if (!DOCUMENTED.contains(code)) {
      faults.add("exit code " + code + " of " + command);
    }
    if (FOR_PROGRAMMERS.matcher(text).find() || (code != ExitCode.OK && text.isBlank())) {
      faults.add("millrace " + String.join(" ", command) + " (" + code + ") prints:\n" + text);
    }
    return text;
  }

  private static List<List<String>> paths() {
    StringWriter ignored = new StringWriter();
    PrintWriter writer = new PrintWriter(ignored);
    Path here = Path.of("").toAbsolutePath();
    CommandLine root =
        Millrace.commandLine(new Console(writer, writer, false, 80, Map.of(), here, here));
    return below(root, List.of()).toList();
  }

  private static Stream<List<String>> below(CommandLine command, List<String> path) {
    return command.getSubcommands().entrySet().stream()
        .flatMap(
            entry -> {
              if (entry.getValue().getCommandSpec().usageMessage().hidden()) {
                return Stream.of();
              }
              List<String> longer =
                  Stream.concat(path.stream(), Stream.of(entry.getKey())).toList();
              return entry.getValue().getSubcommands().isEmpty()
                  ? Stream.of(longer)
                  : below(entry.getValue(), longer);
            });
  }

  /** The command with a value for everything that it requires; names are of nothing that exists. */
  private List<String> example(List<String> path) {
    StringWriter ignored = new StringWriter();
    PrintWriter writer = new PrintWriter(ignored);
    CommandLine command =
        Millrace.commandLine(new Console(writer, writer, false, 80, Map.of(), folder, folder));
    for (String name : path) {
      command = command.getSubcommands().get(name);
    }
    CommandSpec spec = command.getCommandSpec();
    List<String> words = new ArrayList<>(path);
    spec.positionalParameters().stream()
        .filter(parameter -> parameter.arity().min() > 0)
        .forEach(parameter -> words.add(value(parameter)));
    for (OptionSpec option : spec.options()) {
      boolean inGroup = option.group() != null && option.group().multiplicity().min() > 0;
      boolean first = inGroup && option.group().args().iterator().next() == option;
      if (option.required() && (!inGroup || first)) {
        words.add(option.longestName());
        if (option.arity().min() > 0) {
          words.add(value(option));
        }
      }
    }
    return words;
  }

  private static String value(ArgSpec arg) {
    Class<?> type = arg.auxiliaryTypes().length > 0 ? arg.auxiliaryTypes()[0] : arg.type();
    if (type.isEnum()) {
      return type.getEnumConstants()[0].toString();
    }
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return "1";
    }
    return arg.paramLabel().equals("TIME") ? "2026-01-01" : "nosuch";
  }

  private Map<String, String> nowhere() {
    Map<String, String> environment = new HashMap<>();
    environment.put("MILLRACE_DATA", folder.resolve("data").toString());
    environment.put("TEMPORAL_ADDRESS", "127.0.0.1:1");
    environment.put("TEMPORAL_RPC_TIMEOUT", "200ms");
    environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
    environment.put("S3_ENDPOINT", "http://127.0.0.1:1");
    environment.put("S3_ACCESS_KEY", "nobody");
    environment.put("S3_SECRET_KEY", "sesame");
    environment.put("POSTGRES_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/none");
    environment.put("POSTGRES_USER", "nobody");
    environment.put("POSTGRES_PASSWORD", "sesame");
    environment.put("REDIS_URI", "redis://127.0.0.1:1");
    environment.put("MLFLOW_TRACKING_URI", "http://127.0.0.1:1");
    environment.put("FLINK_REST_URL", "http://127.0.0.1:1");
    environment.put("CDC_CONNECT_URL", "http://127.0.0.1:1");
    environment.put("CDC_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/none");
    environment.put("CDC_USER", "nobody");
    environment.put("CDC_PASSWORD", "sesame");
    return environment;
  }
}
