package io.millrace.serving.tracing;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Brings what OpenTelemetry's SDK has to say into our log, without its stack traces. It says by
 * itself at most a few times a minute that a collector does not answer.
 */
final class SdkLog extends Handler {
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(SdkLog.class);

  /** Kept: the JDK forgets a logger that nobody has, and its handlers with it. */
  private static final Logger SDK = Logger.getLogger("io.opentelemetry");

  private final SimpleFormatter text = new SimpleFormatter();

  private SdkLog() {}

  /** From now on; once is enough. */
  static synchronized void install() {
    if (SDK.getUseParentHandlers()) {
      SDK.setUseParentHandlers(false);
      SDK.addHandler(new SdkLog());
    }
  }

  @Override
  public void publish(LogRecord told) {
    if (told.getLevel().intValue() >= Level.WARNING.intValue()) {
      @Nullable Throwable thrown = told.getThrown();
      log.warn(
          "tracing: {}{}", text.formatMessage(told), thrown == null ? "" : " reason=" + thrown);
    } else {
      log.debug("tracing: {}", text.formatMessage(told));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
