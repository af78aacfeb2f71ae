package io.millrace.workers.cli;

import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.demo.Demo;
import io.millrace.workers.demo.DemoOptions;
import io.millrace.workers.local.LocalMillrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows all of it at once. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    header = "Everything at once: events to a registered model, counted at each stage.",
    description = {
      "",
      "Starts what does not run yet, sends events, waits until Flink has judged them and they are"
          + " in the lake, runs data_pipeline and training_pipeline, and reports. Fails if the"
          + " counts do not add up. Called again, it adds only what is new.",
      ""
    })
final class DemoCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "100000",
      description = "So many made-up messages. Default: ${DEFAULT-VALUE}.")
  private long events;

  @Option(
      names = "--input",
      paramLabel = "FILE.csv",
      description = "Replay a REES46 CSV file, plain or gzip, instead.")
  private @Nullable Path input;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
  private @Nullable Path jsonFile;

  @Option(names = "--down", description = "Stop everything at the end; the data stay.")
  private boolean down;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (events < 0) {
      throw CommandFailure.usage("--events must be 0 or more, but is " + events);
    }
    Path file = input == null ? null : console.workingDirectory().resolve(input);
    if (file != null) {
      ProduceCommand.openCsv(file).close();
    }
    Path json = jsonFile == null ? null : console.workingDirectory().resolve(jsonFile);
    if (json != null) {
      Files.deleteIfExists(json);
    }
    long started = System.nanoTime();
    LocalMillrace local = LocalCommands.local(console);
    KafkaConfig kafka = KafkaConfig.from(Millrace.settings(console));
    try {
      new Demo(console, local, kafka, new DemoOptions(events, file, json)).run();
    } finally {
      if (down) {
        local.down(false);
      }
    }
    if (!down) {
      console.out().println("\nEverything keeps running; `scripts/millrace down` stops it.");
      ScheduleHint.print(console);
    }
    console
        .out()
        .println("Done in " + Words.of(Duration.ofNanos(System.nanoTime() - started)) + ".");
    return ExitCode.OK;
  }
}
