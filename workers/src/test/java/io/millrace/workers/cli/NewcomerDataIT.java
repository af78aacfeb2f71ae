package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.activities.streaming.Buckets;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.workers.config.S3Config;
import io.millrace.workers.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries of a real warehouse, and real tasks on real connections. */
class NewcomerDataIT {
  private static LocalStack stack;
  private static Path state;

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.POSTGRES, Component.S3);
    state = stack.stack().config().state();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @BeforeEach
  void open() {
    terminal = new Terminal(folder, Map.of("MILLRACE_DATA", state.toString()));
  }

  @Test
  void aQueryIsPrintedAsTableCsvAndJson() throws IOException {
    String query =
        "select 1 as one, 2.50::numeric as price, null::text as nothing, true as yes,"
            + " 'a,\"b' as text, '{\"k\": [1]}'::jsonb as tree, 'NaN'::float8 as odd";
    assertThat(terminal.millrace("sql", query)).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("one  price  nothing  yes", "1    2.50");
    assertThat(terminal.millrace("sql", query, "--format", "csv")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .isEqualToNormalizingNewlines(
            """
            one,price,nothing,yes,text,tree,odd
            1,2.50,,t,"a,""b","{""k"": [1]}",NaN
            """);
    assertThat(terminal.millrace("sql", query, "--format", "json")).isEqualTo(ExitCode.OK);
    assertThat(terminal.json().toString())
        .isEqualTo(
            "[{\"one\":1,\"price\":2.5,\"nothing\":null,\"yes\":true,\"text\":\"a,\\\"b\","
                + "\"tree\":{\"k\":[1]},\"odd\":\"NaN\"}]");
    assertThat(
            terminal.millrace(
                "sql",
                "select timestamptz '2026-01-02 03:04:05.6Z' as at, timestamp 'infinity' as never",
                "--format",
                "json"))
        .isZero();
    assertThat(OffsetDateTime.parse(terminal.json().get(0).path("at").asText()).toInstant())
        .isEqualTo("2026-01-02T03:04:05.600Z");
    assertThat(terminal.json().get(0).path("never").asText()).isEqualTo("infinity");
    assertThat(terminal.millrace("sql", "select 1 as a union select 2", "--format", "jsonl"))
        .isZero();
    assertThat(terminal.out()).isEqualToNormalizingNewlines("{\"a\":1}\n{\"a\":2}\n");

    Files.writeString(folder.resolve("report.sql"), "select generate_series(1, 3) as n");
    assertThat(terminal.millrace("sql", "@report.sql", "--limit", "2")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).isEqualToNormalizingNewlines("n\n1\n2\n");
    assertThat(terminal.err()).contains("more than 2 rows");
  }

  @Test
  void dataChangeOnlyWithWriteAndRefusalsAreSentences() {
    assertThat(terminal.millrace("sql", "create table kept (n int)")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("PostgreSQL refuses it: cannot execute CREATE TABLE");
    assertThat(terminal.millrace("sql", "create table kept (n int)", "--write")).isZero();
    assertThat(terminal.millrace("sql", "insert into kept values (1), (2)", "--write")).isZero();
    assertThat(terminal.err()).contains("2 rows changed");
    assertThat(terminal.millrace("sql")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("schema", "kept");
    assertThat(terminal.millrace("sql", "select * from keptt")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("relation \"keptt\" does not exist");
    assertThat(terminal.millrace("sql", "select pg_sleep(9)", "--timeout", "1"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("statement timeout");

    Terminal stranger = terminal.with("POSTGRES_USER", "stranger");
    assertThat(stranger.millrace("sql", "select 1")).isEqualTo(ExitCode.USAGE);
    assertThat(stranger.err()).contains("refuses these credentials", "postgres.password");
    Terminal nowhere = terminal.with("POSTGRES_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/none");
    assertThat(nowhere.millrace("sql", "select 1")).isEqualTo(ExitCode.UNREACHABLE);
  }

  @Test
  void aTaskWorksOnceOnRealConnections() {
    S3Config s3 = S3Config.from(Settings.load(state, state, Map.of()));
    Buckets.ensureExist(
        s3.endpoint(), s3.region(), s3.accessKey(), s3.secretKey().value(), Buckets.ALL);

    assertThat(terminal.millrace("tasks", "test", "data_pipeline", "check_minio_connection"))
        .as(() -> terminal.err())
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("check_minio_connection: success in");
    assertThat(terminal.millrace("tasks", "test", "data_pipeline", "check_minio")).isEqualTo(2);
    assertThat(terminal.err()).contains("did you mean 'check_minio_connection'?");
    assertThat(terminal.millrace("tasks", "test", "data_pipeline", "ingest_raw_data")).isEqualTo(2);
    assertThat(terminal.err()).contains("comes after list_new_objects", "--result", "--samples");

    // Nothing is migrated here: the real task fails where a sample would have succeeded.
    assertThat(
            terminal.millrace(
                "tasks", "test", "data_pipeline", "load_dimensions_and_facts", "--samples"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.millrace("dags", "test", "data_pipeline")).isEqualTo(ExitCode.OK);
    assertThat(terminal.millrace("dags", "test", "data_pipeline", "--real", "--json"))
        .isEqualTo(ExitCode.FAILED);
  }
}
