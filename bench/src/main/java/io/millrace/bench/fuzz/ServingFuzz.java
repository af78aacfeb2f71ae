package io.millrace.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.bench.Figures;
import io.millrace.bench.fuzz.FuzzConnection.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Sends good and bad requests to a server of this process and judges each answer: never a 500,
 * never a stack trace, a 200 for a good body and with the right predictions and for no other. At
 * intervals it says how much memory is left in use after a collection.
 *
 * <p>Usage: {@code ServingFuzz [--requests 1000000] [--seed 1] [--threads 4]}. Ends with 1 if an
 * answer is not as it must be; a seed repeats the run.
 */
public final class ServingFuzz {
  private static final int INTERVALS = 10;
  private static final int SHOWN = 20;

  private final FuzzTarget target = new FuzzTarget();
  private final Map<Kind, Map<Integer, LongAdder>> statuses = new ConcurrentSkipListMap<>();
  private final AtomicLong wrong = new AtomicLong();

  private ServingFuzz() {}

  public static void main(String[] args) throws Exception {
    List<String> given = List.of(args);
    long requests = number(given, "--requests", 1_000_000);
    long seed = number(given, "--seed", 1);
    int threads = (int) number(given, "--threads", 4);
    ServingFuzz fuzz = new ServingFuzz();
    try (fuzz.target) {
      fuzz.run(requests, seed, threads);
    }
    fuzz.print();
    System.exit(fuzz.wrong.get() == 0 ? 0 : 1);
  }

  private static long number(List<String> given, String name, long otherwise) {
    int at = given.indexOf(name);
    return at < 0 ? otherwise : Long.parseLong(given.get(at + 1));
  }

  private void run(long requests, long seed, int threads) {
    long begun = System.nanoTime();
    for (int interval = 0; interval < INTERVALS; interval++) {
      long from = requests * interval / INTERVALS;
      long to = requests * (interval + 1) / INTERVALS;
      CompletableFuture<?>[] clients = new CompletableFuture<?>[threads];
      for (int i = 0; i < threads; i++) {
        long first = from + i;
        clients[i] =
            CompletableFuture.runAsync(
                () -> send(first, to, threads, seed), work -> new Thread(work, "fuzz").start());
      }
      CompletableFuture.allOf(clients).join();
      System.out.printf(
          "%,10d requests  %7.1f s  heap after collection %5.1f MiB  threads %d  wrong %d%n",
          to, Figures.secondsSince(begun), heap(), Thread.activeCount(), wrong.get());
    }
  }

  private void send(long from, long to, int step, long seed) {
    try (FuzzClient client = new FuzzClient(target.port())) {
      for (long i = from; i < to; i += step) {
        judge(client, seed * 1_000_003 + i);
      }
    } catch (IOException e) {
      throw new IllegalStateException("The server does not answer", e);
    }
  }

  private void judge(FuzzClient client, long seed) throws IOException {
    FuzzCase request = FuzzCase.of(seed);
    Answer answer = client.send(request);
    statuses
        .computeIfAbsent(request.kind(), kind -> new ConcurrentSkipListMap<>())
        .computeIfAbsent(answer.status(), status -> new LongAdder())
        .increment();
    @Nullable String fault = Verdict.of(request, answer);
    if (fault != null && wrong.incrementAndGet() <= SHOWN) {
      System.err.printf(
          "wrong: %s of %s seed %d: %s%n  sent %s%n  got %d %s%n",
          request.kind(),
          request.path(),
          seed,
          fault,
          text(request.body()),
          answer.status(),
          text(answer.body()));
    }
  }

  private static String text(byte[] bytes) {
    String text = new String(bytes, 0, Math.min(bytes.length, 400), UTF_8);
    return text + (bytes.length > 400 ? "… (" + bytes.length + " bytes)" : "");
  }

  private static double heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 1048576.0;
  }

  private void print() {
    Map<Integer, Long> all = new TreeMap<>();
    System.out.printf("%n%-14s answers by status (0: closed without one)%n", "kind");
    for (Map.Entry<Kind, Map<Integer, LongAdder>> kind : statuses.entrySet()) {
      StringBuilder line = new StringBuilder();
      kind.getValue()
          .forEach(
              (status, count) -> {
                line.append("  %d: %,d".formatted(status, count.sum()));
                all.merge(status, count.sum(), Long::sum);
              });
      System.out.printf("%-14s%s%n", kind.getKey(), line);
    }
    System.out.printf("%-14s", "all");
    all.forEach((status, count) -> System.out.printf("  %d: %,d", status, count));
    System.out.printf("%nwrong answers: %d%n", wrong.get());
  }
}
