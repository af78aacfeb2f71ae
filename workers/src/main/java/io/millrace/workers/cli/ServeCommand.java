package io.millrace.workers.cli;

import io.millrace.workers.serving.ServingMain;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Serves in the foreground. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    header = "Serve predictions and features here, in the foreground.",
    description = {
      "",
      "Answers HTTP at serving.host and serving.port with the registered models that have an alias"
          + " `champion`, until Ctrl-C; /docs shows how to ask. `millrace up` runs it in the"
          + " background."
    })
final class ServeCommand implements Callable<Integer> {
  private final Console console;

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    ForegroundLog.configure("/logback-serving.xml");
    ServingMain.run(console.dataDirectory(), console.workingDirectory(), console.environment());
    return ExitCode.OK;
  }
}
