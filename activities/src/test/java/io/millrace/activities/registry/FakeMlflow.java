package io.millrace.activities.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers as an MLflow server was seen to; what nothing was said of is not there. */
final class FakeMlflow implements AutoCloseable {
  /** One answer. */
  record Answer(int status, String type, String body) {}

  /** The answer of MLflow for what it does not have. */
  static final Answer NOT_THERE =
      new Answer(
          404,
          "application/json",
          "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"not found\"}");

  /** By path and query, as they were sent. */
  final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /** What was asked, such as {@code GET /api/2.0/mlflow/…}. */
  final Queue<String> asked = new ConcurrentLinkedQueue<>();

  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  FakeMlflow() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    asked.add(exchange.getRequestMethod() + " " + path);
    Answer answer = answers.getOrDefault(path, NOT_THERE);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", answer.type());
    boolean whole = answer.status() > 0;
    exchange.sendResponseHeaders(Math.abs(answer.status()), whole ? body.length : body.length + 9);
    OutputStream out = exchange.getResponseBody();
    out.write(body);
    out.flush();
    if (whole) {
      out.close();
      return;
    }
    try {
      closed.await(); // the rest never comes
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers a path of the API with JSON. */
  FakeMlflow with(String path, String json) {
    answers.put("/api/2.0/" + path, new Answer(200, "application/json", json));
    return this;
  }

  /** Answers a path of the API with the beginning of a body whose end never comes. */
  FakeMlflow withoutEnd(String path) {
    answers.put("/api/2.0/" + path, new Answer(-200, "application/json", "{"));
    return this;
  }

  MlflowConfig config() {
    return MlflowConfig.of("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
