package io.millrace.workers.logs;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.millrace.engine.logs.StoredTaskLogs;
import io.millrace.engine.logs.TaskLogInterceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each line that a task logs to the log of its try, beside what the other appenders do with
 * it. Works on what is in the log context, so it costs other threads one look-up.
 */
public final class TaskLogAppender extends AppenderBase<ILoggingEvent> {
  private static final String PATTERN =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\",UTC} %-5level %logger{0}: %msg%n";

  private final StoredTaskLogs logs;
  private final PatternLayout layout = new PatternLayout();

  private TaskLogAppender(StoredTaskLogs logs) {
    this.logs = logs;
  }

  /** Begins to take lines of every logger, until it is stopped. */
  public static TaskLogAppender attach(StoredTaskLogs logs) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    TaskLogAppender appender = new TaskLogAppender(logs);
    appender.setName("task-logs");
    appender.setContext(context);
    appender.layout.setContext(context);
    appender.layout.setPattern(PATTERN);
    appender.layout.start();
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    return appender;
  }

  @Override
  protected void append(ILoggingEvent event) {
    String capture = event.getMDCPropertyMap().get(TaskLogInterceptor.CAPTURE);
    if (capture != null) {
      logs.add(capture, layout.doLayout(event));
    }
  }

  @Override
  public void stop() {
    if (isStarted() && getContext() instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this);
    }
    super.stop();
  }
}
