package io.millrace.flink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers writes for a moment and sends them together; one batch at a time, the next only when the
 * last is there, and all of them before a checkpoint is complete.
 *
 * <p>While the server does not answer it tries again and again, and holds the stream up: nothing is
 * dropped, and memory does not grow. A single write that the server will never take is logged with
 * its reason and left out, so that it does not hold up the others. Counts {@code batches.changed},
 * {@code batches.kept} (writes that changed nothing), {@code batches.refused} and {@code
 * batches.failures}.
 */
public final class BatchWriter<T> implements SinkWriter<T> {
  private static final Logger log = LoggerFactory.getLogger(BatchWriter.class);
  private static final int MAX_BATCH = 512;
  private static final int FULL_BYTES = 4 << 20;
  private static final long LINGER_MILLIS = 10;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long MAX_PAUSE_MILLIS = 2_000;
  private static final Duration REMINDER = Duration.ofSeconds(10);

  private final String name;
  private final BatchTarget<T> target;
  private final ProcessingTimeService time;
  private final Counter changed;
  private final Counter kept;
  private final Counter refused;
  private final Counter failures;
  private final List<T> gathered = new ArrayList<>(MAX_BATCH);
  private long bytes;

  /** Writes to a server, whose name the log calls it by. */
  public BatchWriter(String name, BatchTarget<T> target, WriterInitContext context) {
    this(name, target, context.getProcessingTimeService(), context.metricGroup());
  }

  BatchWriter(String name, BatchTarget<T> target, ProcessingTimeService time, MetricGroup metrics) {
    this.name = name;
    this.target = target;
    this.time = time;
    MetricGroup batches = metrics.addGroup("batches");
    changed = batches.counter("changed");
    kept = batches.counter("kept");
    refused = batches.counter("refused");
    failures = batches.counter("failures");
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // a timer that comes too late sends nothing
  public void write(T write, Context context) throws InterruptedException {
    gathered.add(write);
    bytes += target.bytes(write);
    if (gathered.size() >= MAX_BATCH || bytes >= FULL_BYTES) {
      send();
    } else if (gathered.size() == 1) {
      time.registerTimer(time.getCurrentProcessingTime() + LINGER_MILLIS, now -> send());
    }
  }

  @Override
  public void flush(boolean endOfInput) throws InterruptedException {
    send();
  }

  private void send() throws InterruptedException {
    if (gathered.isEmpty()) {
      return;
    }
    long pause = FIRST_PAUSE_MILLIS;
    long nextReminder = System.nanoTime();
    while (true) {
      try {
        count(target.apply(gathered));
        gathered.clear();
        bytes = 0;
        return;
      } catch (TargetAwayException e) {
        failures.inc();
        if (System.nanoTime() >= nextReminder) {
          log.warn("Waiting for {} with {} writes ({})", name, gathered.size(), e.getMessage());
          nextReminder = System.nanoTime() + REMINDER.toNanos();
        }
      }
      Thread.sleep(pause);
      pause = Math.min(2 * pause, MAX_PAUSE_MILLIS);
    }
  }

  private void count(BatchTarget.Outcome outcome) {
    changed.inc(outcome.changed());
    refused.inc(outcome.refused().size());
    kept.inc(gathered.size() - outcome.changed() - outcome.refused().size());
    for (String reason : outcome.refused()) {
      log.warn("{} refuses a write, which is left out: {}", name, reason);
    }
  }

  @Override
  public void close() {
    target.close();
  }
}
