package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.workers.worker.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be done with the shipped DAGs without any server. */
class DagsCommandTest {
  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal = new Terminal(folder, Map.of());
  }

  static Stream<String> shipped() {
    return Pipeline.ALL.stream().map(Pipeline::name);
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyShippedDagRunsToItsEndInThisProcess(String dag) {
    assertThat(terminal.millrace("dags", "test", dag, "--json"))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);

    List<String> states = terminal.json().findValuesAsText("state");
    assertThat(states).containsOnly("SUCCESS");
    assertThat(states).hasSizeGreaterThan(1);
  }

  @Test
  void aResultGivenByHandIsUsedAndAWrongNameRefused() {
    assertThat(
            terminal.millrace("dags", "test", "data_pipeline", "--result", "list_new_objects=[]"))
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("- ingest_raw_data", "no items", "data_pipeline-");

    assertThat(terminal.millrace("dags", "test", "data_pipeline", "--result", "lst=[]"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("there is no task 'lst'", "list_new_objects");
    assertThat(
            terminal.millrace("dags", "test", "data_pipeline", "--answer", "list_new_objects=yes"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.millrace("dags", "test", "data_pipeline", "--skip", "("))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.millrace("dags", "test", "data")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err())
        .contains("no DAG 'data'; did you mean 'data_pipeline'? There are data_pipeline");
  }

  @Test
  void aFailedRunHasItsExitCode() {
    String failed =
        "{\"quality\":{\"suite\":\"s\",\"success\":false,\"summary\":\"bad\"},\"days\":[]}";
    assertThat(
            terminal.millrace(
                "dags", "test", "data_pipeline", "--result", "quality_check_raw_data=" + failed))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.out()).contains("x quality_check_raw_data", "bad");

    assertThat(
            terminal.millrace("dags", "test", "training_pipeline", "--params", "{\"trials\": 0}"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("trials must be 1 to 500 and is 0");
  }

  @Test
  void skippedTasksMakeNothing() {
    assertThat(terminal.millrace("dags", "test", "data_pipeline", "--skip", "check_.*")).isZero();
    assertThat(terminal.out()).contains("+ check_minio_connection");
  }

  @Test
  void showsTheGraphAsMermaid() {
    assertThat(terminal.millrace("dags", "show", "data_pipeline", "--mermaid"))
        .isEqualTo(ExitCode.OK);

    assertThat(terminal.out())
        .startsWith("flowchart LR\n  t0[\"check_minio_connection\"]\n")
        .contains("[[\"ingest_raw_data\"]]", "  t0 --> t1\n");
  }

  @Test
  void showsTheTasksAsATableAndAsJson() {
    assertThat(terminal.millrace("dags", "show", "data_pipeline")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .contains("ingest_raw_data", "mapped", "18 retries, 1h a try, heartbeat 15s");

    assertThat(terminal.millrace("dags", "show", "data_pipeline", "--json")).isEqualTo(ExitCode.OK);
    assertThat(terminal.json().path("tasks").get(1).path("upstream").get(0).asText())
        .isEqualTo("check_minio_connection");
    assertThat(terminal.millrace("dags", "show", "data_pipeline", "--json", "--mermaid"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void theSchemaTellsTypesAndDefaultsAndRequiresNothing() {
    assertThat(terminal.millrace("dags", "show", "training_pipeline", "--json-schema")).isZero();

    JsonNode schema = terminal.json();
    assertThat(schema.has("required")).isFalse();
    assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
    JsonNode fields = schema.path("properties");
    assertThat(fields.path("trials").toString()).isEqualTo("{\"type\":\"integer\",\"default\":12}");
    assertThat(fields.path("validationShare").path("type").asText()).isEqualTo("number");
    assertThat(fields.path("gitSha").path("type").toString()).isEqualTo("[\"string\",\"null\"]");
    assertThat(fields.path("gate").path("required")).isNotEmpty();
    assertThat(fields.path("$run").path("properties").path("logicalDate").path("format").asText())
        .isEqualTo("date-time");
  }

  @Test
  void thePageOfAllDagsIsNotStale() throws IOException {
    Path page = Path.of("").toAbsolutePath().resolveSibling("docs").resolve("dags.md");

    assertThat(Files.readString(page))
        .as("stale: run `millrace dags docs`")
        .isEqualTo(DagsDocs.page());

    assertThat(terminal.millrace("dags", "docs", "--file", "page.md")).isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("page.md")).hasContent(DagsDocs.page());
  }

  @Test
  void completesCommandsInAShell() {
    assertThat(terminal.millrace("completion", "bash")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).startsWith("#!/").contains("complete -F", "millrace", "rerun");
    assertThat(terminal.millrace("completion", "fish")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void theViewsAreQueriesWithALink() {
    assertThat(terminal.millrace("runs", "views", "--json")).isEqualTo(ExitCode.OK);

    assertThat(terminal.json().findValuesAsText("name"))
        .containsExactly("failed today", "awaiting approval", "held", "backfills");
    JsonNode waiting = terminal.json().get(1);
    assertThat(waiting.path("query").asText())
        .isEqualTo("AwaitingInput = true AND ExecutionStatus = 'Running'");
    assertThat(waiting.path("url").asText())
        .startsWith("http://127.0.0.1:8233/namespaces/default/workflows?query=AwaitingInput%20%3D");
  }

  @Test
  void aTimeOrStateThatIsNoneIsRefusedBeforeAnythingIsAsked() {
    assertThat(terminal.millrace("runs", "list", "--since", "yesterday")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("--since must be like 90m, 24h, 7d");
    assertThat(terminal.millrace("runs", "list", "--state", "odd")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.millrace("runs", "list", "--limit", "0")).isEqualTo(ExitCode.USAGE);
  }
}
