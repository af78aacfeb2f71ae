package io.millrace.serving.http;

import static io.millrace.serving.http.LengthServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server does beside its routes. */
class ServerTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path folder;

  private final LengthServer http = new LengthServer();

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void packsALongAnswerForWhoeverTakesIt() throws Exception {
    int port = http.start(OPTIONS);

    HttpResponse<byte[]> packed = http.get(port, "/long/1", "Accept-Encoding", "gzip");

    assertThat(LengthServer.header(packed, "Content-Encoding")).isEqualTo("gzip");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
        .hasSize(5_000);
    assertThat(http.get(port, "/long/1").body()).hasSize(5_000);
  }

  @Test
  void saysWhatAPathHasAndTellsTemplatesOnly() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    int port = http.start(OPTIONS, told);

    HttpResponse<byte[]> answer = http.get(port, "/length");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(LengthServer.header(answer, "Allow")).isEqualTo("POST");
    assertThat(LengthServer.header(answer, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(LengthServer.header(http.get(port, "/length", "Accept", "text/html"), "Allow"))
        .isEqualTo("POST");
    assertThat(http.get(port, "/made/up").statusCode()).isEqualTo(404);
    assertThat(http.get(port, "/long/7").statusCode()).isEqualTo(200);

    await()
        .untilAsserted(
            () ->
                assertThat(told)
                    .containsExactly(
                        "unmatched GET 405",
                        "unmatched GET 405",
                        "unmatched GET 404",
                        "/long/{n} GET 200"));
  }

  @Test
  void answersAHeadThatIsTooLongAndNoHttpAsProblems() throws Exception {
    int port = http.start(OPTIONS);

    HttpResponse<byte[]> answer = http.get(port, "/long/1", "X-Long", "x".repeat(20_000));

    assertThat(answer.statusCode()).isEqualTo(431);
    assertThat(LengthServer.header(answer, "Content-Type")).isEqualTo("application/problem+json");
    try (RawClient raw = new RawClient(port)) {
      assertThat(raw.send("this is\0 no http\r\n\r\n").rest())
          .startsWith("HTTP/1.1 400")
          .contains("application/problem+json")
          .doesNotContain("<h1>");
    }
  }

  @Test
  void shedsWhatNoThreadIsFreeForSoon() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    int port = http.start(OPTIONS.with(new ServerSizing(8, 1, 200, 8_192)), told);
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      clients.add(
          new RawClient(port)
              .send("GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    }
    // Either the threads took the first ones in time and the rest waits, or some are shed already.
    await()
        .until(
            () ->
                http.started.get(0).waiting() > 2
                    || told.stream().anyMatch(one -> one.endsWith(" 503")));
    http.gate.countDown();

    int shed = 0;
    for (RawClient one : clients) {
      String answer = one.rest();
      assertThat(answer).matches("(?s)HTTP/1.1 (200|503).*");
      if (answer.startsWith("HTTP/1.1 503")) {
        assertThat(answer).contains("Retry-After: 1", "requests are waiting");
        shed++;
      }
      one.close();
    }
    assertThat(shed).isBetween(1, 59);
  }

  @Test
  void aClosingServerAnswersWhatIsInProgressAndIsNotReadyBefore() throws Exception {
    int port = http.start(OPTIONS.with(Timeouts.DEFAULT.stopping(LONG, LONG)));
    assertThat(http.get(port, "/health/ready").statusCode()).isEqualTo(200);
    CompletableFuture<Integer> slow =
        CompletableFuture.supplyAsync(() -> http.status(port, "/slow"));
    http.begun.await();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> http.started.get(0).close());

    await().until(() -> http.get(port, "/health/ready").statusCode() == 503);
    HttpResponse<byte[]> late = http.post(port, new byte[3]);
    assertThat(late.statusCode()).isEqualTo(200);
    assertThat(LengthServer.header(late, "Connection")).isEqualTo("close");
    http.started.get(0).endPreStop();
    await().until(() -> RawClient.isRefused(port));
    await().during(Duration.ofMillis(500)).until(() -> !slow.isDone() && !closing.isDone());

    http.gate.countDown();

    assertThat(slow.get()).isEqualTo(200);
    closing.join();
  }

  @Test
  void noRequestFailsWhileItStopsToServe() throws Exception {
    int port = http.start(OPTIONS.with(Timeouts.DEFAULT.stopping(LONG, LONG)));
    AtomicBoolean away = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      // As a load balancer would: over kept connections, until the server is not ready any more.
      clients.add(
          CompletableFuture.runAsync(
              () -> {
                while (!away.get()) {
                  assertThat(http.status(port, "/long/1")).isEqualTo(200);
                  answered.incrementAndGet();
                }
              }));
    }
    await().until(() -> answered.get() > 20);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> http.started.get(0).close());
    await().until(() -> http.status(port, "/health/ready") == 503);
    int unready = answered.get();
    await().until(() -> answered.get() > unready + 20);
    away.set(true);
    clients.forEach(CompletableFuture::join);

    http.started.get(0).endPreStop();
    closing.join();
  }

  @Test
  void answersOtherOriginsOnlyIfTold() throws Exception {
    int closed = http.start(OPTIONS);
    int open = http.start(OPTIONS.withCorsOrigins(List.of("https://shop.example")));

    assertThat(
            LengthServer.header(
                origin(closed, "https://shop.example"), "Access-Control-Allow-Origin"))
        .isEmpty();
    assertThat(
            LengthServer.header(
                origin(open, "https://shop.example"), "Access-Control-Allow-Origin"))
        .isEqualTo("https://shop.example");
    assertThat(
            LengthServer.header(
                origin(open, "https://other.example"), "Access-Control-Allow-Origin"))
        .isEmpty();
  }

  @Test
  void anOriginMayAskWithoutAKey() throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), "shop:predict:" + "0".repeat(64) + "\n");
    int port =
        http.start(
            OPTIONS
                .withCorsOrigins(List.of("https://shop.example"))
                .with(new AccessOptions(keys, RateLimit.NONE, RateLimit.NONE)));

    try (RawClient raw = new RawClient(port)) {
      assertThat(
              raw.send(
                      """
                      OPTIONS /length HTTP/1.1\r
                      Host: localhost\r
                      Origin: https://shop.example\r
                      Access-Control-Request-Method: POST\r
                      Connection: close\r
                      \r
                      """)
                  .rest())
          .startsWith("HTTP/1.1 200")
          .contains("Access-Control-Allow-Origin: https://shop.example");
    }
    assertThat(http.post(port, new byte[1]).statusCode()).isEqualTo(401);
  }

  private HttpResponse<byte[]> origin(int port, String origin) throws Exception {
    return http.get(port, "/long/1", "Origin", origin);
  }
}
