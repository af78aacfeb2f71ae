package io.millrace.workers.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/** Commands are quiet; one that runs a server in the foreground is not. */
final class ForegroundLog {
  private ForegroundLog() {}

  /** Logs to standard output from now on, as a configuration on the class path says. */
  static void configure(String resource) throws JoranException {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(
        Objects.requireNonNull(ForegroundLog.class.getResource(resource), resource));
  }
}
