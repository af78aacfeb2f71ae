package io.millrace.workers.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.features.OnlineKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Asks for predictions for users and products, again and again, on a few threads. */
final class PredictionLoad {
  private static final int THREADS = 4;
  private static final int BATCH = 10;
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI url;
  private final List<String> bodies = new ArrayList<>();
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(ANSWER).build();
  private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();
  private final AtomicLong predictions = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile String version = "";
  private volatile long changedAt;
  private volatile String lastError = "";
  private volatile boolean stopped;

  /**
   * Begins.
   *
   * @param url where predictions are asked for
   * @param entities whose features are online
   */
  PredictionLoad(URI url, List<OnlineKey> entities) {
    this.url = url;
    for (int from = 0; from < entities.size(); from += BATCH) {
      bodies.add(body(entities.subList(from, Math.min(from + BATCH, entities.size()))));
    }
    for (int i = 0; i < THREADS; i++) {
      int first = i;
      Thread thread = new Thread(() -> ask(first), "predictions-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private static String body(List<OnlineKey> entities) {
    return entities.stream()
        .map(key -> "{\"user_id\":%d,\"product_id\":%d}".formatted(key.userId(), key.productId()))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private void ask(int first) {
    try {
      for (int i = first; !stopped; i++) {
        send(bodies.get(i % bodies.size()));
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(String body) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    long started = System.nanoTime();
    try {
      HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
      latencies.add(System.nanoTime() - started);
      JsonNode json = JSON.readTree(answer.body());
      if (answer.statusCode() == 200 && json.path("success").asBoolean()) {
        predictions.addAndGet(json.path("predictions").size());
        answered(json.path("version").asText());
      } else {
        fail(answer.statusCode() + " " + json);
      }
    } catch (IOException e) {
      fail(e.toString());
    }
  }

  private synchronized void answered(String by) {
    if (!by.equals(version)) {
      changedAt = System.nanoTime();
      version = by;
    }
  }

  private void fail(String reason) {
    errors.incrementAndGet();
    lastError = reason;
  }

  /** The version that the newest answer came from. */
  String version() {
    return version;
  }

  /** When the first answer came from that version, as {@link System#nanoTime} counts. */
  long changedAt() {
    return changedAt;
  }

  long predictions() {
    return predictions.get();
  }

  long errors() {
    return errors.get();
  }

  /** What the newest error was; empty if there was none. */
  String lastError() {
    return lastError;
  }

  /** The time that so many percent of the requests did not exceed. */
  double latencyMillis(double percent) {
    long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted.length == 0 ? 0 : sorted[Math.max(0, rank - 1)] / 1e6;
  }

  /** Ends after the requests in progress. */
  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
