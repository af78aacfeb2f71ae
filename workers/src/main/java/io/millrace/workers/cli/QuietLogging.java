package io.millrace.workers.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The logging of commands: quiet, for what goes wrong is theirs to say. In code, because to read it
 * from XML takes as long as all else that a command does before it connects. A process that brings
 * a configuration of its own, as the worker does, is left to it.
 */
public final class QuietLogging extends ContextAwareBase implements Configurator {
  private static final String PATTERN = "%d{HH:mm:ss} %-5level %logger{0}: %msg%n%ex{short}";

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    if (System.getProperty("logback.configurationFile") != null || !isOfCommand()) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(loggers);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> errors = new ConsoleAppender<>();
    errors.setContext(loggers);
    errors.setTarget("System.err");
    errors.setEncoder(encoder);
    errors.start();
    loggers.getLogger("ROOT").addAppender(errors);
    loggers.getLogger("ROOT").setLevel(Level.WARN);
    loggers.getLogger("org.apache.kafka").setLevel(Level.ERROR);
    loggers.getLogger("org.apache.kafka.clients.NetworkClient").setLevel(Level.OFF);
    loggers.getLogger("io.temporal").setLevel(Level.ERROR);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Set by {@link Millrace#main}. */
  private static boolean isOfCommand() {
    return Boolean.getBoolean(Millrace.IS_COMMAND);
  }
}
