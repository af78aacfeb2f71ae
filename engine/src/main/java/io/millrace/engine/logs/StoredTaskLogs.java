package io.millrace.engine.logs;

import io.millrace.engine.payload.BlobStore;
import io.millrace.engine.payload.BlobStoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log of each try in a blob store: when the try ends, and every few seconds while it
 * runs, so that a worker that is killed takes only the last seconds with it.
 *
 * <p>A task never waits for it and never fails by it. While the store cannot be reached the lines
 * wait in memory, up to a limit; what does not fit, and what could not be written in {@value
 * #ATTEMPTS} attempts after its end, is dropped, counted and warned of. A try that logged nothing
 * and did not fail is not stored. Safe for use by many threads.
 */
public final class StoredTaskLogs implements TaskLogSink, AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(StoredTaskLogs.class);
  private static final int ATTEMPTS = 20;
  private static final int WRITERS = 2;
  private static final int QUEUE = 10_000;

  private final BlobStore store;
  private final Options options;
  private final Clock clock;
  private final MemoryBudget memory;
  private final String worker;
  private final Map<String, TaskLogWriter> open = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong droppedLines = new AtomicLong();
  private final AtomicLong droppedLogs = new AtomicLong();
  private final AtomicLong failedWrites = new AtomicLong();
  private final AtomicLong warnedOf = new AtomicLong();
  private final ThreadPoolExecutor writers =
      new ThreadPoolExecutor(
          WRITERS,
          WRITERS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUE),
          daemon("task-log-writer"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(daemon("task-log-timer"));

  /**
   * What it may use.
   *
   * @param maxBytes most that is kept of one try
   * @param maxMemory most bytes that wait in memory, of all tries together
   * @param every how often the log of a try that runs is written
   * @param patience how long {@link #close} may take
   */
  public record Options(int maxBytes, long maxMemory, Duration every, Duration patience) {
    /** 1 MB a try, 64 MB in memory, every 5 s, and 10 s at the end. */
    public static final Options DEFAULT =
        new Options(1 << 20, 64L << 20, Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  /**
   * Starts its writers.
   *
   * @param worker who runs the tries, for people: the client's identity
   */
  public StoredTaskLogs(BlobStore store, String worker, Options options) {
    this(store, worker, options, Clock.systemUTC());
  }

  StoredTaskLogs(BlobStore store, String worker, Options options, Clock clock) {
    this.store = store;
    this.worker = worker;
    this.options = options;
    this.clock = clock;
    this.memory = new MemoryBudget(options.maxMemory());
    long millis = options.every().toMillis();
    var unused =
        timer.scheduleWithFixedDelay(this::writeNews, millis, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public Capture begin(TaskTry tried) {
    String id = Long.toString(ids.incrementAndGet());
    TaskLogWriter log =
        new TaskLogWriter(
            tried, new LogBuffer(options.maxBytes(), memory), clock.instant(), worker);
    open.put(id, log);
    return new Capture(
        id,
        failure -> {
          if (log.end(failure, clock.instant())) {
            write(id, log);
          } else {
            forget(id, log);
          }
        });
  }

  /**
   * Adds a line, or several, to the log of a try.
   *
   * @param capture its id; a try that has ended takes no more, and its line is dropped
   * @param text ends with a line break
   */
  public void add(String capture, String text) {
    TaskLogWriter log = open.get(capture);
    if (log != null && !log.add(text)) {
      droppedLines.incrementAndGet();
    }
  }

  /** Lines that there was no memory for. */
  public long droppedLines() {
    return droppedLines.get();
  }

  /** Logs that could not be written in the end. */
  public long droppedLogs() {
    return droppedLogs.get();
  }

  long failedWrites() {
    return failedWrites.get();
  }

  long memoryInUse() {
    return memory.used();
  }

  private void writeNews() {
    open.forEach(
        (id, log) -> {
          if (log.hasNews()) {
            write(id, log);
          }
        });
    warn();
  }

  private void write(String id, TaskLogWriter log) {
    if (!log.queued.compareAndSet(false, true)) {
      return;
    }
    try {
      writers.execute(() -> put(id, log));
    } catch (RejectedExecutionException e) {
      log.queued.set(false); // the timer comes back to it, or close does
    }
  }

  private void put(String id, TaskLogWriter log) {
    log.queued.set(false);
    synchronized (log) {
      if (!open.containsKey(id)) {
        return; // another writer has stored it whole, and its lines are gone
      }
      try {
        if (log.writeTo(store)) {
          forget(id, log);
        }
      } catch (BlobStoreException e) {
        failedWrites.incrementAndGet();
        if (log.hasEnded() && log.failed() >= ATTEMPTS) {
          drop(id, log);
        }
        logger.debug("Log of {} not written: {}", log.tried(), e.getMessage());
      } catch (RuntimeException e) {
        logger.error("Log of {} cannot be written", log.tried(), e);
        drop(id, log);
      }
    }
  }

  private void drop(String id, TaskLogWriter log) {
    if (open.containsKey(id)) {
      droppedLogs.incrementAndGet();
      forget(id, log);
    }
  }

  private void forget(String id, TaskLogWriter log) {
    open.remove(id);
    log.release();
  }

  /** Once a period at most, however many tasks log. */
  private void warn() {
    long now = droppedLines() + droppedLogs();
    if (warnedOf.getAndSet(now) != now) {
      logger.warn(
          "{} logs and {} lines of tasks were dropped so far: {} does not take them fast enough, or"
              + " not at all. The tasks go on.",
          droppedLogs(),
          droppedLines(),
          store.name());
    }
  }

  /** Writes what is left, for as long as the options allow. */
  @Override
  public void close() {
    long end = System.nanoTime() + options.patience().toNanos();
    timer.shutdownNow();
    writers.shutdown(); // they finish what they have been given
    for (Map.Entry<String, TaskLogWriter> left : open.entrySet()) {
      TaskLogWriter log = left.getValue();
      if (log.hasNews() && System.nanoTime() < end && log.queued.compareAndSet(false, true)) {
        put(left.getKey(), log);
      }
    }
    try {
      if (!writers.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        writers.shutdownNow();
      }
    } catch (InterruptedException e) {
      writers.shutdownNow();
      Thread.currentThread().interrupt();
    }
    droppedLogs.addAndGet(open.values().stream().filter(TaskLogWriter::hasNews).count());
    open.clear();
    warn();
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
