package io.millrace.serving.http;

import static io.millrace.serving.http.LengthServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How bodies come, and how not. */
class BodyTest {
  private final LengthServer http = new LengthServer();

  @AfterEach
  void stop() {
    http.close();
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
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
    int port = http.start(OPTIONS);

    HttpResponse<byte[]> answer = http.post(port, new byte[7], "Content-Type", type);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(http.post(port, new byte[0], "Content-Type", type).statusCode()).isEqualTo(200);
    assertThat(LengthServer.text(http.post(port, new byte[9]))).isEqualTo("9");
  }

  @Test
  void refusesALongBodyHoweverItComes() throws Exception {
    int port = http.start(OPTIONS);

    assertThat(LengthServer.text(http.post(port, new byte[1_000]))).isEqualTo("1000");
    HttpResponse<byte[]> known = http.post(port, new byte[1_001]);
    assertThat(known.statusCode()).isEqualTo(413);
    assertThat(LengthServer.header(known, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(LengthServer.text(known)).contains("longer than 1000 bytes");

    HttpResponse<byte[]> chunked =
        http.send(
            port,
            "POST",
            "/length",
            BodyPublishers.ofByteArrays(List.of(new byte[800], new byte[800])));
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(
            LengthServer.text(
                http.send(
                    port, "POST", "/length", BodyPublishers.ofByteArrays(List.of(new byte[800])))))
        .isEqualTo("800");
  }

  @Test
  void unpacksABodyButNotABomb() throws Exception {
    int port = http.start(OPTIONS);

    assertThat(
            LengthServer.text(http.post(port, packed(new byte[900]), "Content-Encoding", "gzip")))
        .isEqualTo("900");
    assertThat(http.post(port, packed(new byte[100_000]), "Content-Encoding", "gzip").statusCode())
        .isEqualTo(413);
    assertThat(http.post(port, new byte[9], "Content-Encoding", "gzip").statusCode())
        .isEqualTo(400);
    assertThat(http.post(port, new byte[9], "Content-Encoding", "br").statusCode()).isEqualTo(415);
  }

  /**
   * A body of several members, in pieces of so few bytes that a reader often waits for the next.
   */
  @Test
  void readsEveryMemberOfAPackedBodyOrRefusesIt() throws Exception {
    int port = http.start(OPTIONS);
    byte[] member = packed(new byte[30]);
    byte[] three = joined(member, member, member);
    byte[] damaged = three.clone();
    damaged[member.length + 2] ^= 1;

    assertThat(answer(port, three)).isEqualTo("200 90");
    assertThat(answer(port, joined(three, new byte[99]))).isEqualTo("200 90");
    assertThat(answer(port, damaged)).startsWith("400").contains("gzip member 2");
    assertThat(answer(port, Arrays.copyOf(three, three.length - 1)))
        .startsWith("400")
        .contains("gzip member 3");
    assertThat(answer(port, joined(three, new byte[] {'{'})))
        .startsWith("400")
        .contains("gzip member 4");
  }

  @Test
  void refusesPackedBytesWithoutEndEvenIfTheyUnpackToNothing() throws Exception {
    int port = http.start(OPTIONS);
    byte[] empty = packed(new byte[0]);

    HttpResponse<byte[]> answer =
        http.send(
            port,
            "POST",
            "/length",
            BodyPublishers.ofByteArrays(Collections.nCopies(10_000, empty)),
            "Content-Encoding",
            "gzip");

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  private String answer(int port, byte[] body) throws Exception {
    List<byte[]> pieces = new ArrayList<>();
    for (int from = 0; from < body.length; from += 7) {
      pieces.add(Arrays.copyOfRange(body, from, Math.min(body.length, from + 7)));
    }
    HttpResponse<byte[]> answer =
        http.send(
            port,
            "POST",
            "/length",
            BodyPublishers.ofByteArrays(pieces),
            "Content-Encoding",
            "gzip");
    return answer.statusCode() + " " + LengthServer.text(answer);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  void aSlowBodyIsGivenUpAndHoldsNoThread() throws Exception {
    int port =
        http.start(
            OPTIONS
                .with(
                    new Timeouts(
                        Duration.ofMillis(400),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        Duration.ofSeconds(5)))
                .with(new ServerSizing(8, 10, 100, 8_192)));
    String head = "POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n";
    try (RawClient silent = new RawClient(port);
        RawClient trickling = new RawClient(port)) {
      silent.send(head + "x");
      trickling.send(head);
      CompletableFuture<Void> trickle = CompletableFuture.runAsync(() -> trickle(trickling));

      assertThat(silent.rest()).startsWith("HTTP/1.1 408").contains("problem+json");
      assertThat(trickling.rest()).startsWith("HTTP/1.1 408");
      trickle.join();
    }
    // A client that has no processor for a moment can itself be too slow.
    await().until(() -> LengthServer.text(http.post(port, new byte[5])).equals("5"));
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
    Duration never = Duration.ofMinutes(10);
    int port =
        http.start(
            OPTIONS
                .with(new Timeouts(never, never, never, Duration.ZERO, never))
                .with(new ServerSizing(8, 10, 100, 8_192)));
    String head = "POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nx";
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

    assertThat(LengthServer.text(http.post(port, new byte[5]))).isEqualTo("5");
    for (RawClient one : slow) {
      one.send("y").shutOutput();
      assertThat(one.rest()).startsWith("HTTP/1.1 200").endsWith("2");
      one.close();
    }
  }

  @Test
  void answersWhoeverHasHalfClosedTheConnection() throws Exception {
    int port = http.start(OPTIONS);
    String head = "POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n";

    try (RawClient whole = new RawClient(port);
        RawClient half = new RawClient(port)) {
      assertThat(whole.send(head + "12345").shutOutput().rest()).startsWith("HTTP/1.1 200");
      assertThat(half.send(head + "12").shutOutput().rest()).startsWith("HTTP/1.1 400");
    }
  }
}
