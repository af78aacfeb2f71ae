package io.millrace.workers.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import io.millrace.workers.worker.WorkerMain;
import java.net.URL;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
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
    logToStandardOutput();
    WorkerMain.run(console.dataDirectory(), console.workingDirectory(), console.environment());
    return ExitCode.OK;
  }

  /** Commands are quiet; a worker is not. */
  private static void logToStandardOutput() throws JoranException {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    URL worker = WorkerCommand.class.getResource("/logback-worker.xml");
    context.reset();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Objects.requireNonNull(worker, "logback-worker.xml"));
  }
}
