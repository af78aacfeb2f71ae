package io.millrace.engine.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts OpenLineage events to an HTTP endpoint (Marquez, DataHub and others take them at {@code
 * /api/v1/lineage}), one after the other, from a bounded queue. What the endpoint does not take in
 * three tries, or what comes while the queue is full, is dropped, counted and warned of.
 */
public final class HttpLineage implements LineageSink, AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(HttpLineage.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int QUEUE = 10_000;
  private static final int TRIES = 3;
  private static final long WARN_EVERY = 1_000;

  private final URI endpoint;
  private final @Nullable String apiKey;
  private final Duration pause;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1).build();
  private final BlockingQueue<JsonNode> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread sender = new Thread(this::send, "lineage-sender");
  private volatile boolean closing;

  /**
   * Starts its sender.
   *
   * @param apiKey sent as a bearer token, or null
   */
  public HttpLineage(URI endpoint, @Nullable String apiKey) {
    this(endpoint, apiKey, Duration.ofSeconds(1));
  }

  HttpLineage(URI endpoint, @Nullable String apiKey, Duration pause) {
    this.endpoint = endpoint;
    this.apiKey = apiKey;
    this.pause = pause;
    sender.setDaemon(true);
    sender.start();
  }

  @Override
  public void emit(JsonNode event) {
    if (!queue.offer(event)) {
      drop("events come faster than it takes them");
    }
  }

  /** How many events were dropped. */
  public long dropped() {
    return dropped.get();
  }

  private void send() {
    try {
      while (!closing || !queue.isEmpty()) {
        JsonNode event = queue.poll(200, TimeUnit.MILLISECONDS);
        if (event != null) {
          deliver(event);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closing took too long
    }
  }

  private void deliver(JsonNode event) throws InterruptedException {
    String reason = "";
    for (int i = 0; i < TRIES; i++) {
      if (i > 0) {
        TimeUnit.MILLISECONDS.sleep(pause.toMillis() * i);
      }
      try {
        int status =
            client.send(request(event), HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status >= 200 && status < 300) {
          return;
        }
        reason = "HTTP status " + status;
        if (status >= 400 && status < 500 && status != 429) {
          break;
        }
      } catch (IOException e) {
        reason = e.getClass().getSimpleName();
      }
    }
    drop(reason);
  }

  private HttpRequest request(JsonNode event) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(event.toString()));
    if (apiKey != null) {
      request.header("Authorization", "Bearer " + apiKey);
    }
    return request.build();
  }

  private void drop(String reason) {
    long now = dropped.incrementAndGet();
    if (now % WARN_EVERY == 1) {
      logger.warn(
          "{} OpenLineage events dropped so far, the last at {}: {}. Runs go on; is lineage.url"
              + " right?",
          now,
          endpoint.getHost(),
          reason);
    }
  }

  /** Sends what waits, for at most five seconds. */
  @Override
  public void close() {
    closing = true;
    try {
      sender.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.interrupt();
  }
}
