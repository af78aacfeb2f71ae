package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport.RunState;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.testing.Waiting;
import io.millrace.workers.cli.toys.Talk;
import io.millrace.workers.cli.toys.TalkWorker;
import io.millrace.workers.config.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The logs of tries on a real server and object store, one of whose workers is killed. */
class RunsLogsIT {
  private static final String QUEUE = "talk";

  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @Test
  void whatATryLoggedBeforeItsWorkerWasKilledIsKept() throws Exception {
    try (LocalStack stack = LocalStack.forTests(Component.TEMPORAL, Component.S3)) {
      Path state = stack.stack().config().state();
      Process first = worker(stack, state);
      Process second = null;
      try (TemporalConnection temporal =
          TemporalConnection.open(Settings.load(state, state, Map.of()))) {
        DagRuns runs = new DagRuns(temporal.client(), QUEUE);
        String id = runs.trigger(Talk.NAME, null);
        Awaitility.await()
            .untilAsserted(
                () -> {
                  assertThat(millrace(state, "runs", "logs", id, "talk")).isEqualTo(ExitCode.OK);
                  assertThat(out.toString()).contains("WARN  TalkWorker: line 3\n");
                });
        String before = out.toString();
        first.destroyForcibly().waitFor();
        second = worker(stack, state);
        assertThat(millrace(state, "runs", "logs", id, "--follow")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("line 3\n", "talking in try 2\n");
        assertThat(runs.await(id, Waiting.LIMIT).state()).isEqualTo(RunState.SUCCESS);

        // The last log is written after its task has ended.
        Awaitility.await()
            .untilAsserted(
                () -> {
                  assertThat(millrace(state, "runs", "logs", id, "--json")).isEqualTo(ExitCode.OK);
                  assertThat(new ObjectMapper().readTree(out.toString())).hasSize(3);
                });
        JsonNode tries = new ObjectMapper().readTree(out.toString());
        assertThat(tries.get(0).path("ended").asBoolean()).isFalse();
        assertThat(tries.get(0).path("lines").size()).isGreaterThanOrEqualTo(lastLine(before));
        assertThat(tries.get(1).path("ended").asBoolean()).isTrue();
        assertThat(tries.get(1).path("try").asInt()).isEqualTo(2);
        assertThat(tries.get(2).path("map_index").asText()).isEqualTo("1");
        assertThat(tries.get(2).path("key").asText())
            .startsWith("dag_id=talk/run_id=" + id + "/task_id=whisper/map_index=1/scheduled=")
            .endsWith("/attempt=1.log");

        assertThat(millrace(state, "runs", "logs", id, "talk", "--try", "2")).isZero();
        assertThat(out.toString())
            .startsWith("=== dag=talk run=" + id + " task=talk attempt=2 worker=")
            .contains("talking in try 2", "=== ended: success after ")
            .doesNotContain("line 3");
        assertThat(millrace(state, "runs", "logs", id, "whisper", "--map-index", "0")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("nothing is stored of run " + id, "item 0");
        assertThat(millrace(state, "runs", "logs", id, "tallk")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("no task 'tallk'", "did you mean 'talk'?", "whisper");
        assertThat(millrace(state, "runs", "logs", id, "tallk", "--dag", Talk.NAME))
            .isEqualTo(ExitCode.USAGE);
        assertThat(millrace(state, "runs", "logs", "nobody")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("there is no run 'nobody'", "--dag");
      } finally {
        first.destroyForcibly().waitFor();
        if (second != null) {
          second.destroyForcibly().waitFor();
        }
      }
    }
  }

  private static int lastLine(String log) {
    Matcher lines = Pattern.compile("line ([0-9]+)\n").matcher(log);
    int last = -1;
    while (lines.find()) {
      last = Integer.parseInt(lines.group(1));
    }
    assertThat(last).isGreaterThanOrEqualTo(3);
    return last;
  }

  private static Process worker(LocalStack stack, Path state) throws IOException {
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            TalkWorker.class.getName(),
            stack.endpoints().temporal().target(),
            QUEUE,
            state.toString());
    process.environment().put("LOGS_FLUSH_EVERY", "200ms");
    return process
        .redirectErrorStream(true)
        .redirectOutput(Path.of("target", "talk-worker.txt").toFile())
        .start();
  }

  private int millrace(Path state, String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            80,
            Map.of("MILLRACE_DATA", state.toString()),
            state,
            state);
    return Millrace.commandLine(console).execute(arguments);
  }
}
