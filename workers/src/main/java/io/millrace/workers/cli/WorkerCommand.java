package io.millrace.workers.cli;

import io.millrace.workers.worker.WorkerMain;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs a worker in the foreground. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    header = "Run a worker here, in the foreground.",
    description = {
      "",
      "It polls the queues `millrace` (all workflows, and activities that mostly wait) and"
          + " `millrace-training` (activities that compute), until Ctrl-C; running activities then"
          + " get worker.shutdown-grace to finish. `millrace up` runs one in the background; start"
          + " as many more as you like, here or on other machines with the same settings."
    })
final class WorkerCommand implements Callable<Integer> {
  private final Console console;

  WorkerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    ForegroundLog.configure("/logback-worker.xml");
    WorkerMain.run(console.dataDirectory(), console.workingDirectory(), console.environment());
    return ExitCode.OK;
  }
}
