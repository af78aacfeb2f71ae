package io.millrace.workers.cli;

import io.millrace.activities.cdc.EventsTable;
import io.millrace.activities.cdc.TableReplay;
import io.millrace.activities.streaming.CsvEvents;
import io.millrace.activities.streaming.EventReplay;
import io.millrace.activities.streaming.EventSource;
import io.millrace.activities.streaming.GeneratedEvents;
import io.millrace.activities.streaming.InvalidInputException;
import io.millrace.activities.streaming.ReplaySummary;
import io.millrace.activities.streaming.Topics;
import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sends events to the raw topic, from a file or made up. */
@Command(
    name = "produce",
    mixinStandardHelpOptions = true,
    header = "Send events to Kafka or PostgreSQL: a REES46 CSV file, or a made-up stream.",
    description = {
      "",
      "Messages are keyed by session, idempotent and acknowledged by all replicas. A row is sent as"
          + " it stands: the validation judges it. A line that is no row is sent as its bytes, ends"
          + " among the invalid events and is named here. One that Kafka refuses, such as one that"
          + " is too large as a message, is named with the reason, and the others go on. The counts"
          + " add up to the lines of the file.",
      "",
      "The same --generate, --seed, --bad-rate and --start give the same events, so that sending"
          + " them twice adds nothing to the warehouse.",
      "",
      "With --to postgres they become rows of the table public.events, which `millrace cdc"
          + " register` captures; a row that is there already is not written again, and a message"
          + " that no row can hold is counted, and named with the reason.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  millrace produce --input 2019-Oct.csv.gz",
      "  millrace produce --generate 100000 --seed 7 --rate 5000",
      "  millrace produce --generate 1000 --to postgres",
      "",
      "Exit codes: 0 all sent (made-up bad messages may be refused), 1 a line was refused, or the",
      "input broke off (what came before was sent), 2 wrong usage or a file that is no such CSV,",
      "3 Kafka or PostgreSQL does not answer."
    })
final class ProduceCommand implements Callable<Integer> {
  private static final String DEFAULT_START = "2019-10-01T00:00:00Z";

  private final Console console;

  @ArgGroup(multiplicity = "1")
  private Origin origin = new Origin();

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "0",
      description = "Most messages a second; 0, the default, is as fast as it goes.")
  private double rate;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "42",
      description = "With --generate: another seed, other events. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--bad-rate",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "With --generate: share of spoiled messages. Default: ${DEFAULT-VALUE}.")
  private double badRate;

  @Option(
      names = "--start",
      paramLabel = "INSTANT",
      defaultValue = DEFAULT_START,
      description = "With --generate: time of the first event. Default: ${DEFAULT-VALUE}.")
  private Instant start = Instant.parse(DEFAULT_START);

  @Option(
      names = "--to",
      paramLabel = "kafka|postgres",
      defaultValue = "KAFKA",
      description = "Where to: the raw topic (the default), or the table public.events.")
  private Target target = Target.KAFKA;

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  ProduceCommand(Console console) {
    this.console = console;
  }

  private enum Target {
    KAFKA(Topics.RAW, "messages"),
    POSTGRES(EventsTable.NAME, "new rows");

    private final String place;
    private final String units;

    Target(String place, String units) {
      this.place = place;
      this.units = units;
    }
  }

  /** One of the two must be given. */
  static final class Origin {
    @Option(
        names = "--input",
        paramLabel = "FILE.csv",
        description = "REES46 CSV, plain or gzip; the header is checked.")
    @Nullable Path input;

    @Option(
        names = "--generate",
        paramLabel = "N",
        description = "So many made-up messages, in the order of their event time.")
    @Nullable Long generate;
  }

  @Override
  public Integer call() throws IOException {
    checkOptions();
    Settings settings = Millrace.settings(console);
    try (EventSource source = open()) {
      ReplaySummary summary =
          target == Target.POSTGRES ? toTable(settings, source) : toTopic(settings, source);
      return ReplayReport.print(console, summary, json, target.units, target.place);
    }
  }

  private ReplaySummary toTopic(Settings settings, EventSource source) throws IOException {
    KafkaConfig kafka = KafkaConfig.from(settings);
    Topics.ensureExist(kafka.bootstrapServers(), kafka.rawPartitions(), List.of(Topics.RAW));
    try (ReplayBar bar = ReplayBar.of(console, source)) {
      return EventReplay.send(
          kafka.bootstrapServers(), kafka.compression(), source, rate, bar::update);
    }
  }

  private ReplaySummary toTable(Settings settings, EventSource source) throws IOException {
    try (ReplayBar bar = ReplayBar.of(console, source)) {
      return TableReplay.write(CdcCommand.config(settings), source, rate, bar::update);
    }
  }

  private void checkOptions() {
    if (rate < 0) {
      throw CommandFailure.usage("--rate must be 0 or more, but is " + rate);
    }
    if (!(badRate >= 0 && badRate <= 1)) {
      throw CommandFailure.usage("--bad-rate must be from 0 to 1, but is " + badRate);
    }
    if (origin.generate != null && origin.generate < 0) {
      throw CommandFailure.usage("--generate must be 0 or more, but is " + origin.generate);
    }
  }

  private EventSource open() throws IOException {
    if (origin.generate != null) {
      return new GeneratedEvents(origin.generate, seed, badRate, start);
    }
    return openCsv(console.workingDirectory().resolve(String.valueOf(origin.input)));
  }

  /** Opens a file, or says in a sentence why not. */
  static CsvEvents openCsv(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw CommandFailure.usage("--input must be a CSV file, but " + file + " is a folder");
    }
    try {
      return CsvEvents.open(file);
    } catch (NoSuchFileException e) {
      throw CommandFailure.usage("--input: there is no file " + file);
    } catch (InvalidInputException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }
}
