package io.millrace.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over a server whose paths only say how long their bodies were. */
class ServerTest {
  private static final HttpOptions OPTIONS =
      HttpOptions.at("127.0.0.1", 0).with(new Limits(1_000, 10));

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<ServingServer> started = new ArrayList<>();

  @AfterEach
  void stop() {
    gate.countDown();
    started.forEach(ServingServer::close);
  }

  private int start(HttpOptions options) {
    return start(options, new ArrayList<>());
  }

  private int start(HttpOptions options, List<String> told) {
    RequestListener listener =
        (handler, method, status, nanos) -> told.add(handler + " " + method + " " + status);
    ServingServer server =
        new ServingServer(
            options,
            listener,
            List.of(
                app ->
                    app.post("/length", c -> c.result("" + RequestBody.of(c).length))
                        .get("/long/{n}", c -> c.result("x".repeat(5_000)))
                        .get("/health/ready", c -> c.result("ready"), Role.OPEN)
                        .get(
                            "/slow",
                            c -> {
                              begun.countDown();
                              gate.await();
                              c.result("done");
                            })));
    started.add(server);
    return server.start();
  }

  private HttpResponse<byte[]> send(
      int port, String method, String path, BodyPublisher body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(int port, String path, String... headers) throws Exception {
    return send(port, "GET", path, BodyPublishers.noBody(), headers);
  }

  private HttpResponse<byte[]> post(int port, byte[] body, String... headers) throws Exception {
    return send(port, "POST", "/length", BodyPublishers.ofByteArray(body), headers);
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, 200",
    "Application/JSON; charset=utf-8, 200",
    "application/jsonp, 415",
    "text/plain, 415",
    "application/x-www-form-urlencoded, 415"
  })
  void takesJsonAndNothingElse(String type, int status) throws Exception {
    int port = start(OPTIONS);

    HttpResponse<byte[]> answer = post(port, new byte[7], "Content-Type", type);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(post(port, new byte[0], "Content-Type", type).statusCode()).isEqualTo(200);
    assertThat(text(post(port, new byte[9]))).isEqualTo("9");
  }

  @Test
  void refusesALongBodyHoweverItComes() throws Exception {
    int port = start(OPTIONS);

    assertThat(text(post(port, new byte[1_000]))).isEqualTo("1000");
    HttpResponse<byte[]> known = post(port, new byte[1_001]);
    assertThat(known.statusCode()).isEqualTo(413);
    assertThat(header(known, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(text(known)).contains("longer than 1000 bytes");

    HttpResponse<byte[]> chunked =
        send(
            port,
            "POST",
            "/length",
            BodyPublishers.ofByteArrays(List.of(new byte[800], new byte[800])));
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(
            text(
                send(port, "POST", "/length", BodyPublishers.ofByteArrays(List.of(new byte[800])))))
        .isEqualTo("800");
  }

  @Test
  void unpacksABodyButNotABomb() throws Exception {
    int port = start(OPTIONS);

    assertThat(text(post(port, packed(new byte[900]), "Content-Encoding", "gzip")))
        .isEqualTo("900");
    assertThat(post(port, packed(new byte[100_000]), "Content-Encoding", "gzip").statusCode())
        .isEqualTo(413);
    assertThat(post(port, new byte[9], "Content-Encoding", "gzip").statusCode()).isEqualTo(400);
    assertThat(post(port, new byte[9], "Content-Encoding", "br").statusCode()).isEqualTo(415);
  }

  @Test
  void packsALongAnswerForWhoeverTakesIt() throws Exception {
    int port = start(OPTIONS);

    HttpResponse<byte[]> packed = get(port, "/long/1", "Accept-Encoding", "gzip");

    assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
        .hasSize(5_000);
    assertThat(get(port, "/long/1").body()).hasSize(5_000);
  }

  @Test
  void saysWhatAPathHasAndTellsTemplatesOnly() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    int port = start(OPTIONS, told);

    HttpResponse<byte[]> answer = get(port, "/length");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "Allow")).isEqualTo("POST");
    assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(header(get(port, "/length", "Accept", "text/html"), "Allow")).isEqualTo("POST");
    assertThat(get(port, "/made/up").statusCode()).isEqualTo(404);
    assertThat(get(port, "/long/7").statusCode()).isEqualTo(200);

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
    int port = start(OPTIONS);

    HttpResponse<byte[]> answer = get(port, "/long/1", "X-Long", "x".repeat(20_000));

    assertThat(answer.statusCode()).isEqualTo(431);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    try (RawClient raw = new RawClient(port)) {
      assertThat(raw.send("this is\0 no http\r\n\r\n").rest())
          .startsWith("HTTP/1.1 400")
          .contains("application/problem+json")
          .doesNotContain("<h1>");
    }
  }

  @Test
  void aSlowBodyIsGivenUpAndHoldsNoThread() throws Exception {
    int port =
        start(
            OPTIONS
                .with(
                    new Timeouts(
                        Duration.ofMillis(400),
                        Duration.ofMillis(300),
                        Duration.ZERO,
                        Duration.ofSeconds(5)))
                .with(new Capacity(8, 10, 100, 8_192)));
    String head = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n";
    try (RawClient silent = new RawClient(port);
        RawClient trickling = new RawClient(port)) {
      silent.send(head + "x");
      trickling.send(head);
      CompletableFuture<Void> trickle = CompletableFuture.runAsync(() -> trickle(trickling));

      assertThat(silent.rest()).startsWith("HTTP/1.1 408").contains("problem+json");
      assertThat(trickling.rest()).startsWith("HTTP/1.1 408");
      trickle.join();
    }
    assertThat(text(post(port, new byte[5]))).isEqualTo("5");
  }

  /** Until the server has had enough. */
  private static void trickle(RawClient client) {
    try {
      for (int i = 0; i < 400; i++) {
        client.send("x");
        Thread.sleep(20);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe|closed|abort).*");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void slowBodiesLeaveHalfOfTheThreadsToOthers() throws Exception {
    int port = start(OPTIONS.with(new Capacity(8, 10, 100, 8_192)));
    String head = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nx";
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      slow.add(new RawClient(port).send(head));
    }
    await()
        .untilAsserted(
            () -> {
              try (RawClient fifth = new RawClient(port)) {
                assertThat(fifth.send(head).shutOutput().rest())
                    .startsWith("HTTP/1.1 503")
                    .contains("Retry-After: 1");
              }
            });

    assertThat(text(post(port, new byte[5]))).isEqualTo("5");
    for (RawClient one : slow) {
      one.send("y").shutOutput();
      assertThat(one.rest()).startsWith("HTTP/1.1 200").endsWith("2");
      one.close();
    }
  }

  @Test
  void answersWhoeverHasHalfClosedTheConnection() throws Exception {
    int port = start(OPTIONS);
    String head = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";

    try (RawClient whole = new RawClient(port);
        RawClient half = new RawClient(port)) {
      assertThat(whole.send(head + "12345").shutOutput().rest()).startsWith("HTTP/1.1 200");
      assertThat(half.send(head + "12").shutOutput().rest()).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void shedsWhatNoThreadIsFreeForSoon() throws Exception {
    int port = start(OPTIONS.with(new Capacity(8, 1, 200, 8_192)));
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      clients.add(
          new RawClient(port).send("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    }
    begun.await();
    gate.countDown();

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
    assertThat(shed).isBetween(1, 52);
  }

  private int status(int port, String path) {
    try {
      return get(port, path).statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aClosingServerAnswersWhatIsInProgressAndIsNotReadyBefore() throws Exception {
    int port =
        start(
            OPTIONS.with(
                new Timeouts(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(1_500),
                    Duration.ofSeconds(20))));
    assertThat(get(port, "/health/ready").statusCode()).isEqualTo(200);
    CompletableFuture<Integer> slow = CompletableFuture.supplyAsync(() -> status(port, "/slow"));
    begun.await();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> started.get(0).close());

    await().until(() -> get(port, "/health/ready").statusCode() == 503);
    HttpResponse<byte[]> late = post(port, new byte[3]);
    assertThat(late.statusCode()).isEqualTo(200);
    assertThat(header(late, "Connection")).isEqualTo("close");
    await().until(() -> isRefused(port));
    await().during(Duration.ofMillis(500)).until(() -> !slow.isDone() && !closing.isDone());

    gate.countDown();

    assertThat(slow.get()).isEqualTo(200);
    closing.join();
  }

  private static boolean isRefused(int port) throws Exception {
    try {
      new RawClient(port).close();
      return false;
    } catch (ConnectException e) {
      return true;
    }
  }

  @Test
  void answersOtherOriginsOnlyIfTold() throws Exception {
    int closed = start(OPTIONS);
    int open = start(OPTIONS.withCorsOrigins(List.of("https://shop.example")));

    assertThat(header(origin(closed, "https://shop.example"), "Access-Control-Allow-Origin"))
        .isEmpty();
    assertThat(header(origin(open, "https://shop.example"), "Access-Control-Allow-Origin"))
        .isEqualTo("https://shop.example");
    assertThat(header(origin(open, "https://other.example"), "Access-Control-Allow-Origin"))
        .isEmpty();
  }

  private HttpResponse<byte[]> origin(int port, String origin) throws Exception {
    return get(port, "/long/1", "Origin", origin);
  }
}
