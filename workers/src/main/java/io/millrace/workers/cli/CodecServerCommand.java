package io.millrace.workers.cli;

import io.millrace.engine.payload.CodecServer;
import io.millrace.workers.config.Settings;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.payload.PayloadAccess;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Decodes payloads for the Web UI, in the foreground. */
@Command(
    name = "codec-server",
    mixinStandardHelpOptions = true,
    header = "Decode large and encrypted values for the Web UI and the Temporal CLI.",
    description = {
      "",
      "Serves POST /decode and /encode on 127.0.0.1 until Ctrl-C, for pages of temporal.ui-url and"
          + " for the namespace temporal.namespace. Give its address to the Web UI (glasses icon,"
          + " \"Remote Codec Endpoint\") or to `temporal ... --codec-endpoint`. Whoever reaches it"
          + " reads every value. The worker that `millrace up` starts does this already."
    })
final class CodecServerCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--port", defaultValue = "8234", description = "Default: ${DEFAULT-VALUE}.")
  private int port;

  CodecServerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65_535) {
      throw CommandFailure.usage("--port must be between 0 and 65535, but is " + port);
    }
    Settings settings = Millrace.settings(console);
    try (PayloadAccess payloads = PayloadAccess.of(settings);
        CodecServer server = payloads.serve(TemporalConfig.from(settings), port)) {
      console.out().println("codec endpoint: " + server.address());
      console.out().flush();
      new CountDownLatch(1).await();
      return ExitCode.OK;
    } catch (IOException e) {
      throw CommandFailure.failed(
          ("cannot listen on port %d (%s); another worker or codec server may have it: choose one"
                  + " with --port")
              .formatted(port, e.getMessage()),
          e);
    }
  }
}
