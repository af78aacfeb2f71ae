package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line itself: what it says and how it ends, with no server anywhere. */
class MillraceTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @Test
  void helpShowsATourAndTheExitCodes() {
    assertThat(millrace("--help")).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .contains("A first tour:", "millrace up", "Exit codes: 0 success")
        .contains(
            "up",
            "down",
            "status",
            "logs",
            "worker",
            "produce",
            "dags",
            "runs",
            "schedules",
            "backfill")
        .contains("pools", "assets", "workers", "completion", "man")
        .contains("demo", "config", "codec-server", "sweep-payloads");
    assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  @Test
  void aFileThatAnArgumentNamesIsNotReadAsFurtherArguments() throws IOException {
    Path file = Files.writeString(folder.resolve("words"), "prodcue --generate 5");

    assertThat(millrace("@" + file)).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).contains("@" + file).doesNotContain("--generate");
  }

  @Test
  void noCommandShowsTheHelp() {
    assertThat(millrace()).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Usage: millrace");
  }

  @Test
  void aWrongWordIsAUsageErrorWithASuggestion() {
    assertThat(millrace("prodcue", "--generate", "5")).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).contains("prodcue", "did you mean `millrace produce`?", "--help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void produceNeedsOneOriginAndNotTwo() {
    assertThat(millrace("produce")).isEqualTo(ExitCode.USAGE);
    assertThat(millrace("produce", "--generate", "5", "--input", "x.csv"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("mutually exclusive");
  }

  /** A file that is no such CSV is wrong usage, whether it has rows or not, and needs no Kafka. */
  @Test
  void producersRefuseAFileThatTheyCannotReadAndSayWhy() throws IOException {
    Files.writeString(folder.resolve("other.csv"), "Shop,Date\n");
    Files.writeString(folder.resolve("empty.csv"), "");
    Files.write(folder.resolve("cut.csv.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
    Files.writeString(folder.resolve("table.parquet"), "PAR1");

    for (String file : List.of("other.csv", "empty.csv", "cut.csv.gz", "table.parquet", "none")) {
      assertThat(millrace("produce", "--input", file)).as(file).isEqualTo(ExitCode.USAGE);
      assertThat(millrace("sales", "produce", "--input", file)).as(file).isEqualTo(ExitCode.USAGE);
    }
    assertThat(millrace("sales", "produce", "--input", "other.csv", "--product", " "))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("other.csv: the header does not fit", "empty.csv has no header")
        .contains("cut.csv.gz cannot be read: gzip member 1", "it is Parquet", "there is no file")
        .contains("--product must have 1 to 255 characters, but is ' '");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theCodecServerRefusesAPortOutOfRange() {
    assertThat(millrace("codec-server", "--port", "70000")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--port must be between 0 and 65535, but is 70000");
  }

  @Test
  void produceRefusesNumbersOutOfRange() {
    assertThat(millrace("produce", "--generate", "-1")).isEqualTo(ExitCode.USAGE);
    assertThat(millrace("produce", "--generate", "1", "--bad-rate", "1.5"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(millrace("produce", "--generate", "1", "--rate", "-3")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--bad-rate must be from 0 to 1, but is 1.5");
    for (String number : List.of("NaN", "-Infinity", "1e999", "fast")) {
      assertThat(millrace("produce", "--generate", "1", "--rate=" + number))
          .isEqualTo(ExitCode.USAGE);
      assertThat(err.toString()).contains("'" + number + "' is not a finite number");
    }
  }

  @Test
  void produceNamesAFileThatIsMissingOrHasAnotherHeader() throws IOException {
    assertThat(millrace("produce", "--input", "none.csv")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("there is no file", "none.csv");

    Files.writeString(folder.resolve("other.csv"), "a,b\n1,2\n");
    assertThat(millrace("produce", "--input", "other.csv")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("unknown column 'a'", "column 'price' is missing");
  }

  @Test
  void anUnknownSettingEndsEveryCommandThatReadsThem() throws IOException {
    Files.writeString(folder.resolve("millrace.properties"), "kafka.compresion=lz4");

    assertThat(millrace("config")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("did you mean kafka.compression?");
  }

  @Test
  void configMasksSecretsInBothForms() {
    Map<String, String> environment = Map.of("S3_SECRET_KEY", "sesame");

    assertThat(millrace(environment, "config")).isEqualTo(ExitCode.OK);
    assertThat(millrace(environment, "config", "--json")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).doesNotContain("sesame").contains("****", "S3_SECRET_KEY");
  }

  @Test
  void dagsListLinksToTheStartFormFilledIn() {
    Map<String, String> environment =
        Map.of(
            "TEMPORAL_ADDRESS",
            "127.0.0.1:1",
            "TEMPORAL_UI_URL",
            "http://ui:8233",
            "TEMPORAL_NAMESPACE",
            "shop");

    assertThat(millrace(environment, "dags", "list", "--json")).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .contains(
            "http://ui:8233/namespaces/shop/workflows/start-workflow"
                + "?workflowId=data_pipeline-by-hand&taskQueue=millrace&workflowType=data_pipeline")
        .contains("training_pipeline");
  }

  @Test
  void triggerRefusesAnUnknownDagAndParamsThatAreNoJsonObject() {
    assertThat(millrace("dags", "trigger", "data")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains(
            "no DAG 'data'", "did you mean 'data_pipeline'?", "data_pipeline, training_pipeline");

    assertThat(millrace("dags", "trigger", "data_pipeline", "--params", "{oops"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(millrace("dags", "trigger", "data_pipeline", "--params", "[1]"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(millrace("dags", "trigger", "data_pipeline", "--params", "@none.json"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("--params is not JSON", "must be a JSON object", "there is no file");
  }

  @Test
  void cdcAndProduceNameTheServerThatDoesNotAnswer() {
    Map<String, String> nobody =
        Map.of(
            "CDC_CONNECT_URL", "http://127.0.0.1:1",
            "CDC_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/cdc",
            "CDC_USER", "cdc",
            "CDC_PASSWORD", "sesame");

    assertThat(millrace(nobody, "cdc", "status")).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(millrace(nobody, "produce", "--generate", "1", "--to", "postgres"))
        .isEqualTo(ExitCode.UNREACHABLE);

    assertThat(err.toString())
        .contains("Kafka Connect at cdc.connect-url=http://127.0.0.1:1 does not answer")
        .contains("cdc.jdbc-url=jdbc:postgresql://127.0.0.1:1/cdc does not answer")
        .contains("millrace up --cdc")
        .doesNotContain("sesame");
  }

  @Test
  void flinkJobsNamesTheClusterThatDoesNotAnswer() {
    assertThat(millrace(Map.of("FLINK_REST_URL", "http://127.0.0.1:1"), "flink", "jobs"))
        .isEqualTo(ExitCode.UNREACHABLE);

    assertThat(err.toString()).contains("flink.rest-url=http://127.0.0.1:1 does not answer");
  }

  @Test
  void alertsTailRefusesWhatItCannotShow() {
    assertThat(millrace("alerts", "tail", "-n", "-1")).isEqualTo(ExitCode.USAGE);
    assertThat(millrace("alerts", "tail", "--severity", "awful")).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).contains("--lines must be from 0 to 10000, but is -1", "awful");
  }

  @Test
  void aServerThatDoesNotAnswerHasItsOwnExitCode() {
    Map<String, String> nobody =
        Map.of("TEMPORAL_ADDRESS", "127.0.0.1:1", "TEMPORAL_RPC_TIMEOUT", "300ms");

    assertThat(millrace(nobody, "runs", "list")).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(err.toString()).contains("127.0.0.1:1 does not answer", "millrace up");
  }

  @Test
  void aServerThatListensAndDoesNotAnswerIsCalledSlowWithTheTimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Map<String, String> slow =
          Map.of(
              "MILLRACE_TEMPORAL_PORT",
              Integer.toString(silent.getLocalPort()),
              "TEMPORAL_RPC_TIMEOUT",
              "300ms");

      assertThat(millrace(slow, "runs", "list")).isEqualTo(ExitCode.UNREACHABLE);

      assertThat(err.toString())
          .contains("127.0.0.1:" + silent.getLocalPort() + " did not answer within 0.3s")
          .contains("temporal.rpc-timeout")
          .doesNotContain("refused");
    }
  }

  @Test
  void aRefusedConnectionIsCalledSoAtTheChosenPort() {
    Map<String, String> nobody =
        Map.of("MILLRACE_TEMPORAL_PORT", "1", "TEMPORAL_RPC_TIMEOUT", "300ms");

    assertThat(millrace(nobody, "dags", "trigger", "data_pipeline"))
        .isEqualTo(ExitCode.UNREACHABLE);
    assertThat(err.toString()).contains("127.0.0.1:1 does not answer. Is it running?");
  }

  @Test
  void demoChecksItsInputBeforeItStartsAnything() {
    assertThat(millrace("demo", "--input", "none.csv")).isEqualTo(ExitCode.USAGE);
    assertThat(millrace("demo", "--events", "-5")).isEqualTo(ExitCode.USAGE);
    assertThat(folder.resolve(".millrace")).doesNotExist();
  }

  private int millrace(String... arguments) {
    return millrace(Map.of(), arguments);
  }

  private int millrace(Map<String, String> environment, String... arguments) {
    Console console =
        new Console(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            80,
            environment,
            folder,
            folder);
    return Millrace.commandLine(console).execute(arguments);
  }
}
