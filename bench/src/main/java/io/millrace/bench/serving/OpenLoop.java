package io.millrace.bench.serving;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests at a constant rate whether answers come or not, each at its own time on a
 * connection that is free then; more connections are opened while none is. A request's latency
 * counts from the moment it was due, so that one that had to wait for a slow server is not
 * forgotten (the "coordinated omission" of closed loops).
 */
final class OpenLoop implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 8_192;

  /** What is due within a tick is sent at its end: a thread that wakes for each costs a core. */
  private static final long TICK_NANOS = 1_000_000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final double HELD_MILLIS = 1_000;

  private final InetSocketAddress address;
  private final List<ByteBuffer> requests;
  private final Selector selector;
  private final BlockingDeque<OpenLoopConnection> idle = new LinkedBlockingDeque<>();
  private final Thread reader;
  private int connections;
  private volatile Answers answers = new Answers(0);
  private volatile boolean closed;

  /** Connects when it has something to send. */
  OpenLoop(URI url, List<String> bodies) throws IOException {
    address = new InetSocketAddress(url.getHost(), url.getPort());
    requests = bodies.stream().map(body -> OpenLoopConnection.post(url, body)).toList();
    selector = Selector.open();
    reader = new Thread(this::read, "open-loop-reader");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * What came of the requests.
   *
   * @param errors answers other than 200, and none at all
   * @param firstError empty if there was none
   * @param seconds the p99 of the requests that were due in each second, in milliseconds
   */
  record Outcome(
      int requests,
      int errors,
      String firstError,
      double p50,
      double p99,
      double p999,
      double max,
      List<Double> seconds) {

    /** The seconds, from 0, in which the p99 was greater. */
    List<Integer> secondsOver(double millis) {
      return IntStream.range(0, seconds.size())
          .filter(second -> seconds.get(second) > millis)
          .boxed()
          .toList();
    }
  }

  /** What comes in during one run. */
  static final class Answers {
    private final long start = System.nanoTime();
    private final long[] nanos;
    private final int[] second;
    private int count;
    private int errors;
    private String firstError = "";

    Answers(int expected) {
      nanos = new long[expected];
      second = new int[expected];
    }

    synchronized void add(long due, @Nullable String error) {
      if (count < nanos.length) {
        nanos[count] = System.nanoTime() - due;
        second[count++] = (int) Math.max(0, TimeUnit.NANOSECONDS.toSeconds(due - start));
      }
      if (error != null && errors++ == 0) {
        firstError = error;
      }
    }

    synchronized int count() {
      return count;
    }

    synchronized Outcome outcome() {
      if (count < nanos.length) {
        throw new IllegalStateException(
            "%d of %d requests are unaccounted for".formatted(nanos.length - count, nanos.length));
      }
      long[] sorted = nanos.clone();
      Arrays.sort(sorted);
      return new Outcome(
          sorted.length,
          errors,
          firstError,
          millis(sorted, 0.5),
          millis(sorted, 0.99),
          millis(sorted, 0.999),
          millis(sorted, 1),
          seconds());
    }

    private List<Double> seconds() {
      int last = Arrays.stream(second).max().orElse(0);
      int[] sizes = new int[last + 1];
      for (int of : second) {
        sizes[of]++;
      }
      long[][] parts = Arrays.stream(sizes).mapToObj(long[]::new).toArray(long[][]::new);
      for (int i = 0; i < nanos.length; i++) {
        parts[second[i]][--sizes[second[i]]] = nanos[i];
      }
      return Arrays.stream(parts)
          .peek(Arrays::sort)
          .map(part -> part.length == 0 ? 0 : millis(part, 0.99))
          .toList();
    }

    private static double millis(long[] sorted, double share) {
      return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
    }
  }

  /**
   * Requests a second that so many connections get answered in so long, each sending its next as
   * soon as it has an answer: the most for this client.
   */
  double most(int together, Duration duration) throws IOException, InterruptedException {
    Answers now = new Answers(0);
    answers = now;
    long start = System.nanoTime();
    int sent = 0;
    while (System.nanoTime() - start < duration.toNanos()) {
      long due = System.nanoTime();
      OpenLoopConnection connection = free(together);
      if (!connection.send(requests.get(sent++ % requests.size()).duplicate(), due, now)) {
        idle.addFirst(connection);
      }
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (idle.size() < connections && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(1); // what is under way must not count for the next run
    }
    return sent / (duration.toNanos() / 1e9);
  }

  /**
   * The highest rate that is kept up with for so long: 99 of 100 requests are answered within a
   * second.
   *
   * @param above tried first, and then a tenth less each time
   */
  double mostHeld(double above, Duration duration) throws IOException, InterruptedException {
    double rate = above;
    while (!isHeld(run(rate, duration))) {
      rate *= 0.9;
    }
    return rate;
  }

  private static boolean isHeld(Outcome outcome) {
    return outcome.p99() <= HELD_MILLIS && outcome.errors() == 0;
  }

  /** Sends for so long and waits for the answers that are due. */
  Outcome run(double perSecond, Duration duration) throws IOException, InterruptedException {
    int count = (int) Math.round(perSecond * duration.toMillis() / 1000);
    Answers now = new Answers(count);
    answers = now;
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = start + (long) (i * 1e9 / perSecond);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(Math.max(left, TICK_NANOS));
      }
      OpenLoopConnection connection = free(MAX_CONNECTIONS);
      if (!connection.send(requests.get(i % requests.size()).duplicate(), due, now)) {
        idle.addFirst(connection);
      }
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (now.count() < count && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    for (SelectionKey key : selector.keys()) {
      OpenLoopConnection connection = (OpenLoopConnection) key.attachment();
      if (connection.giveUp(now, "no answer within " + PATIENCE)) {
        idle.addFirst(connection);
      }
    }
    return now.outcome();
  }

  private OpenLoopConnection free(int most) throws IOException, InterruptedException {
    OpenLoopConnection connection = idle.pollFirst();
    while (connection == null || !connection.isUsable()) {
      if (connection != null) {
        connections--;
      }
      if (connections < most) {
        connections++;
        return OpenLoopConnection.open(address, selector);
      }
      connection = idle.pollFirst(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (connection == null) {
        throw new IOException("No connection of %d is free".formatted(most));
      }
    }
    return connection;
  }

  private void read() {
    try {
      while (!closed) {
        selector.select(
            key -> {
              OpenLoopConnection connection = (OpenLoopConnection) key.attachment();
              if (connection.read(answers)) {
                idle.addFirst(connection);
              }
            });
      }
    } catch (IOException e) {
      throw new IllegalStateException("The load cannot be measured any more", e);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.close();
  }
}
