package io.millrace.workers.cli;

import io.millrace.activities.streaming.EventReplay;
import io.millrace.activities.streaming.EventSource;
import io.millrace.activities.streaming.InvalidInputException;
import io.millrace.activities.streaming.ReplaySummary;
import io.millrace.activities.streaming.SalesCsv;
import io.millrace.activities.streaming.Topics;
import io.millrace.core.sales.Sale;
import io.millrace.workers.config.KafkaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What stores sell. */
@Command(
    name = "sales",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Send the sales of stores to Kafka.")
final class SalesCommand implements Runnable {
  private final Console console;

  private SalesCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new SalesCommand(console)).addSubcommand(new Produce(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** Replays a file. */
  @Command(
      name = "produce",
      mixinStandardHelpOptions = true,
      header = "Send a Rossmann CSV file to topic sale_rossman_store.",
      description = {
        "",
        "Messages are keyed by store. The stream keeps the newest of each store, product and date"
            + " in table sales.rossman_sales, so that sending a file twice changes nothing; a row"
            + " that is no sale goes to sale_rossman_store.invalid with the reason. The counts add"
            + " up to the lines of the file."
      },
      footer = {
        "",
        "Exit codes: 0 all sent, 1 a line was refused, or the input broke off (what came before"
            + " was",
        "sent), 2 wrong usage or a file that is no such CSV, 3 Kafka does not answer."
      })
  static final class Produce implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--input",
        required = true,
        paramLabel = "FILE.csv",
        description = "Rossmann's train.csv, plain or gzip; the header is checked.")
    private Path input = Path.of("");

    @Option(
        names = "--product",
        paramLabel = "NAME",
        defaultValue = "product_A",
        description = "The product that the file is about. Default: ${DEFAULT-VALUE}.")
    private String product = "product_A";

    @Option(
        names = "--rate",
        paramLabel = "R",
        defaultValue = "0",
        description = "Most messages a second; 0, the default, is as fast as it goes.")
    private double rate;

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    Produce(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws IOException {
      if (rate < 0) {
        throw CommandFailure.usage("--rate must be 0 or more, but is " + rate);
      }
      if (product.isBlank() || product.length() > Sale.MAX_NAME) {
        throw CommandFailure.usage(
            "--product must have 1 to %d characters, but is '%s'"
                .formatted(Sale.MAX_NAME, product));
      }
      KafkaConfig kafka = KafkaConfig.from(Millrace.settings(console));
      try (EventSource source = open();
          ReplayBar bar = ReplayBar.of(console, source)) {
        Topics.ensureExist(kafka.bootstrapServers(), kafka.rawPartitions(), List.of(Topics.SALES));
        ReplaySummary summary =
            EventReplay.send(
                kafka.bootstrapServers(), kafka.compression(), source, rate, bar::update);
        return ReplayReport.print(console, summary, json, "messages", Topics.SALES);
      }
    }

    private SalesCsv open() throws IOException {
      Path file = console.workingDirectory().resolve(input);
      if (!Files.isRegularFile(file)) {
        throw CommandFailure.usage("--input: there is no file " + file);
      }
      try {
        return SalesCsv.open(file, product);
      } catch (InvalidInputException e) {
        throw CommandFailure.usage(String.valueOf(e.getMessage()));
      }
    }
  }
}
