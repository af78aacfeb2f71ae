package io.millrace.workers.cli;

import io.millrace.activities.streaming.Buckets;
import io.millrace.activities.streaming.Topics;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.config.PostgresConfig;
import io.millrace.workers.config.S3Config;
import io.millrace.workers.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes on servers that run already what {@code millrace up} makes on its own. */
@Command(
    name = "setup",
    mixinStandardHelpOptions = true,
    header = "Create topics, buckets and tables where the settings point.",
    description = {
      "",
      "For servers that `millrace up` did not start, such as those of deploy/compose. What is there"
          + " already stays as it is, and the tables are brought up to date: it can be run any"
          + " number of times."
    })
final class SetupCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--bucket",
      paramLabel = "NAME",
      description = "A further bucket, such as MLflow's; can be given several times.")
  private List<String> furtherBuckets = List.of();

  SetupCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Settings settings = Millrace.settings(console);
    KafkaConfig kafka = KafkaConfig.from(settings);
    S3Config s3 = S3Config.from(settings);
    PostgresConfig postgres = PostgresConfig.from(settings);
    Topics.ensureExist(kafka.bootstrapServers(), kafka.rawPartitions(), Topics.ALL);
    List<String> buckets = new ArrayList<>(Buckets.ALL);
    buckets.addAll(furtherBuckets);
    Buckets.ensureExist(
        s3.endpoint(), s3.region(), s3.accessKey(), s3.secretKey().value(), buckets);
    try (Warehouse warehouse = new Warehouse(warehouse(postgres))) {
      warehouse.migrate();
    }
    console
        .out()
        .printf(
            "%d topics, %d buckets and the tables of the warehouse are there%n",
            Topics.ALL.size(), buckets.size());
    return ExitCode.OK;
  }

  private static io.millrace.activities.warehouse.PostgresConfig warehouse(PostgresConfig config) {
    return io.millrace.activities.warehouse.PostgresConfig.of(
        config.jdbcUrl(), config.user(), config.password().value());
  }
}
