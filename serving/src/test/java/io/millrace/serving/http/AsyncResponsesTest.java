package io.millrace.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server of eight threads whose answers wait for something that comes when the test says so. */
class AsyncResponsesTest {
  private static final int WAITING = 100;

  private final CompletableFuture<String> value = new CompletableFuture<>();
  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private ServingServer server;
  private int port;

  @BeforeEach
  void start() {
    server =
        new ServingServer(
            HttpOptions.at("127.0.0.1", 0).with(new ServerSizing(8, 100, 500, 8_192)),
            (handler, method, status, nanos) -> told.add(handler + " " + status),
            List.of(
                app ->
                    app.get("/later", c -> AsyncResponses.answer(c, this::value, c::result))
                        .get(
                            "/broken",
                            c -> AsyncResponses.answer(c, this::value, AsyncResponsesTest::fail))
                        .get("/now", c -> c.result("now"))));
    port = server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private CompletableFuture<String> value(Executor threads) {
    return value.thenApplyAsync(text -> text, threads);
  }

  private static void fail(String text) {
    throw new IllegalStateException("a fault of ours: " + text);
  }

  @Test
  void thoseWhoWaitKeepNobodyElseWaiting() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> waiting =
        IntStream.range(0, WAITING).mapToObj(i -> get("/later")).toList();
    await().until(() -> server.inProgress() == WAITING);

    assertThat(get("/now").get().body()).isEqualTo("now");
    assertThat(waiting).noneMatch(CompletableFuture::isDone);

    assertThat(value.complete("come")).isTrue();
    for (CompletableFuture<HttpResponse<String>> one : waiting) {
      assertThat(one.get().body()).isEqualTo("come");
    }
    assertThat(told).filteredOn("/later 200"::equals).hasSize(WAITING);
  }

  @Test
  void aFailureThatComesLaterIsAnsweredAndTold() throws Exception {
    var waiting = get("/later");
    await().until(() -> server.inProgress() == 1);
    assertThat(value.completeExceptionally(Problem.unavailable("It is away"))).isTrue();

    assertThat(waiting.get().statusCode()).isEqualTo(503);
    assertThat(waiting.get().body()).contains("It is away");
    assertThat(told).containsExactly("/later 503");
  }

  @Test
  void aFaultInTheAnswerSaysNothingOfItself() throws Exception {
    assertThat(value.complete("come")).isTrue();
    var answer = get("/broken").get();

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("Internal error").doesNotContain("a fault of ours");
    assertThat(told).containsExactly("/broken 500");
  }

  @Test
  void aServerThatStopsAnswersThoseWhoWait() throws Exception {
    var waiting = get("/later");
    await().until(() -> server.inProgress() == 1);
    CompletableFuture<Void> stopping = CompletableFuture.runAsync(server::close);
    await().until(() -> refuses());

    assertThat(value.complete("come")).isTrue();
    assertThat(waiting.get().body()).isEqualTo("come");
    stopping.get();
  }

  /** Whether it listens no more. */
  private boolean refuses() {
    return get("/now").handle((answer, failure) -> failure != null).join();
  }

  private CompletableFuture<HttpResponse<String>> get(String path) {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
    return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
