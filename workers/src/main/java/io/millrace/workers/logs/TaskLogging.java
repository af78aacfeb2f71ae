package io.millrace.workers.logs;

import io.millrace.activities.payload.S3BlobStore;
import io.millrace.engine.logs.StoredTaskLogs;
import io.millrace.engine.logs.TaskLogInterceptor;
import io.millrace.engine.logs.TaskLogs;
import io.millrace.engine.payload.BlobStore;
import io.millrace.engine.payload.BlobStoreException;
import io.millrace.workers.config.LogsConfig;
import io.millrace.workers.config.S3Config;
import io.millrace.workers.payload.PayloadAccess;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores the logs of a worker's tasks while it runs, and deletes old ones once a day. */
public final class TaskLogging implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(TaskLogging.class);
  private static final Duration FIRST_SWEEP = Duration.ofMinutes(6);
  private static final Duration SWEEP_EVERY = Duration.ofDays(1);

  private final S3BlobStore store;
  private final StoredTaskLogs logs;
  private final TaskLogAppender appender;
  private final ScheduledExecutorService timer;

  private TaskLogging(S3BlobStore store, LogsConfig config) {
    StoredTaskLogs.Options standard = StoredTaskLogs.Options.DEFAULT;
    this.store = store;
    this.logs =
        new StoredTaskLogs(
            store,
            ManagementFactory.getRuntimeMXBean().getName(),
            new StoredTaskLogs.Options(
                config.maxSize(), standard.maxMemory(), config.flushEvery(), standard.patience()));
    this.appender = TaskLogAppender.attach(logs);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "task-log-sweeper");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        timer.scheduleWithFixedDelay(
            () -> sweep(store, config.retention()),
            FIRST_SWEEP.toMinutes(),
            SWEEP_EVERY.toMinutes(),
            TimeUnit.MINUTES);
  }

  /** Starts. The object store need not be there yet. */
  public static TaskLogging start(S3Config s3, LogsConfig config) {
    return new TaskLogging(PayloadAccess.s3(s3, config.bucket()), config);
  }

  /** For the worker; it belongs last among its interceptors. */
  public TaskLogInterceptor interceptor() {
    return new TaskLogInterceptor(logs);
  }

  /** What could not be stored. */
  public StoredTaskLogs logs() {
    return logs;
  }

  /** Tries again the next day whatever happens: an exception would end the timer. */
  private static void sweep(BlobStore store, Duration retention) {
    try {
      long deleted = new TaskLogs(store).deleteBefore(Clock.systemUTC().instant().minus(retention));
      logger.info("Deleted {} logs of tasks that are older than {}", deleted, retention);
    } catch (BlobStoreException e) {
      logger.warn("Old logs of tasks are not deleted today: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    appender.stop();
    logs.close();
    store.close();
  }
}
