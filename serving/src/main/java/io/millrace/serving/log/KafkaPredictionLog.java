package io.millrace.serving.log;

import io.millrace.core.serving.PredictionMessage;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every prediction to {@link PredictionMessage#TOPIC}, keyed by its user, or by the request
 * if there is none, on a thread of its own.
 *
 * <p>A request hands its record over and goes on. What waits is bounded in rows; what does not fit
 * is dropped and counted, so that Kafka may be slow or away at any time, from the very start too.
 * What the thread took is written once, or counted as failed: after {@value
 * PredictionProducer#DELIVERY_MILLIS} ms without an acknowledgement of all replicas.
 */
public final class KafkaPredictionLog implements PredictionSink, AutoCloseable {
  /** Rows that may wait if nothing else is said: some 25 MB if each is a request of its own. */
  public static final int DEFAULT_WAITING_ROWS = 50_000;

  private static final Logger log = LoggerFactory.getLogger(KafkaPredictionLog.class);
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 20;

  private final PredictionProducer producer;
  private final int waitingRows;
  private final Queue<PredictionRecord> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder sent = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Thread thread = new Thread(this::run, "prediction-log");
  private volatile boolean closing;

  /**
   * Starts the thread; does not need Kafka yet.
   *
   * @param bootstrapServers brokers to ask first, host:port with commas between
   * @param waitingRows the most rows that may wait for the thread
   */
  public KafkaPredictionLog(String bootstrapServers, int waitingRows) {
    this(new PredictionProducer(bootstrapServers), waitingRows);
  }

  private KafkaPredictionLog(PredictionProducer producer, int waitingRows) {
    this.producer = producer;
    this.waitingRows = waitingRows;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Writes each record down as the others do, and throws it away: for a server that warms up. What
   * the JVM compiles meanwhile is for this very class, and good for those that send.
   */
  public static KafkaPredictionLog discarding() {
    return new KafkaPredictionLog(new PredictionProducer(null), DEFAULT_WAITING_ROWS);
  }

  @Override
  public void offer(PredictionRecord record) {
    int rows = record.rows().count();
    if (rows == 0) {
      return;
    }
    if (closing || !reserve(rows)) {
      dropped.add(rows);
      return;
    }
    queue.add(record);
  }

  private boolean reserve(int rows) {
    if (waiting.addAndGet(rows) <= waitingRows) {
      return true;
    }
    waiting.addAndGet(-rows);
    return false;
  }

  private void run() {
    try {
      producer.connect();
      while (!closing || !queue.isEmpty()) {
        @Nullable PredictionRecord record = queue.poll();
        if (record == null) {
          // Looking now and then costs a request less than waking this thread does.
          TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
          continue;
        }
        try {
          write(record);
        } finally {
          waiting.addAndGet(-record.rows().count());
        }
      }
    } catch (InterruptedException | InterruptException e) {
      // By close, which has waited long enough and counts what is left.
      Thread.currentThread().interrupt();
    }
  }

  private void write(PredictionRecord record) {
    PredictionMessages messages = new PredictionMessages(record);
    int[] rows = messages.rows();
    for (int i = 0; i < rows.length; i++) {
      try {
        send(messages.of(rows[i]));
      } catch (InterruptException e) {
        dropped.add(rows.length - i);
        throw e;
      } catch (KafkaException | IllegalStateException e) {
        // A producer that throws, and does not just report, is of no more use.
        producer.discard();
        fail(e);
      } catch (RuntimeException e) {
        fail(e);
      }
    }
  }

  private void send(PredictionMessage message) {
    boolean taken = producer.send(message, (metadata, failure) -> told(failure));
    if (!taken) {
      failed.increment();
    }
  }

  private void told(@Nullable Exception failure) {
    if (failure == null) {
      sent.increment();
    } else {
      fail(failure);
    }
  }

  private void fail(Exception failure) {
    failed.increment();
    // One message for 1, 2, 4, 8 … of them: Kafka away must not fill the log.
    if (Long.bitCount(failed.sum()) == 1) {
      log.warn("prediction not logged so far={} reason={}", failed.sum(), failure.toString());
    }
  }

  /** Rows that Kafka has acknowledged. */
  public long sent() {
    return sent.sum();
  }

  /** Rows that there was no room for. */
  public long dropped() {
    return dropped.sum();
  }

  /** Rows that Kafka did not acknowledge in time. */
  public long failed() {
    return failed.sum();
  }

  /** Rows that wait for the thread at this moment. */
  public int waiting() {
    return waiting.get();
  }

  /** Writes what waits, for at most 10 seconds; the rest counts as dropped or failed. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(CLOSE.toMillis());
      thread.interrupt();
      thread.join(CLOSE.toMillis() / 2);
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    for (PredictionRecord left = queue.poll(); left != null; left = queue.poll()) {
      dropped.add(left.rows().count());
      waiting.addAndGet(-left.rows().count());
    }
    producer.close(CLOSE.dividedBy(2));
  }
}
