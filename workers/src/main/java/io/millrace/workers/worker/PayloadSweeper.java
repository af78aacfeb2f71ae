package io.millrace.workers.worker;

import io.grpc.StatusRuntimeException;
import io.millrace.engine.payload.BlobStoreException;
import io.millrace.engine.payload.Retention;
import io.millrace.workers.payload.PayloadAccess;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes stored payloads that are past their retention once a day while the worker runs. */
final class PayloadSweeper implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(PayloadSweeper.class);
  private static final Duration FIRST = Duration.ofMinutes(5);
  private static final Duration EVERY = Duration.ofDays(1);

  private final PayloadAccess payloads;
  private final WorkflowServiceStubs service;
  private final String namespace;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "payload-sweeper");
            thread.setDaemon(true);
            return thread;
          });

  private PayloadSweeper(PayloadAccess payloads, WorkflowServiceStubs service, String namespace) {
    this.payloads = payloads;
    this.service = service;
    this.namespace = namespace;
  }

  static PayloadSweeper start(
      PayloadAccess payloads, WorkflowServiceStubs service, String namespace) {
    PayloadSweeper sweeper = new PayloadSweeper(payloads, service, namespace);
    var unused =
        sweeper.timer.scheduleWithFixedDelay(
            sweeper::sweep, FIRST.toMinutes(), EVERY.toMinutes(), TimeUnit.MINUTES);
    return sweeper;
  }

  /** Tries again the next day whatever happens: an exception would end the schedule. */
  private void sweep() {
    try {
      Retention.Swept swept = payloads.sweep(service, namespace);
      logger.info("Deleted {} stored values and {} memos", swept.payloads(), swept.memos());
    } catch (IllegalArgumentException e) {
      logger.error("Stored values are not deleted: {}", e.getMessage());
    } catch (BlobStoreException | StatusRuntimeException | IllegalStateException e) {
      logger.warn("Stored values are not deleted today: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
