package io.millrace.engine.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import io.millrace.testing.Waiting;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.common.converter.DataConverter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CodecServerTest {

  private static final String UI = "http://127.0.0.1:8233";
  private static final PayloadOptions OPTIONS =
      new PayloadOptions(0, 2_000, 0, 1 << 20, new EncryptionKeys("k", Map.of("k", new byte[32])));

  private final MemoryBlobStore store = new MemoryBlobStore();
  private final DataConverter converter = DagPayloads.converter(store, OPTIONS);
  private final HttpClient http = HttpClient.newHttpClient();
  private CodecServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        CodecServer.start(
            new CodecServer.Options(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Set.of(UI),
                "default",
                100_000,
                10_000),
            DagPayloads.codec(store, OPTIONS));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void decodesAsTheWebUiAsks() throws Exception {
    Payload encoded = converter.toPayload(Map.of("grain", "spelt")).orElseThrow();
    String body = JsonFormat.printer().print(Payloads.newBuilder().addPayloads(encoded));
    assertThat(body).doesNotContain("spelt");

    HttpResponse<String> response =
        http.send(
            request("/decode", body).header("Origin", UI).header("X-Namespace", "default").build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains(UI);
    JsonNode payload = new ObjectMapper().readTree(response.body()).at("/payloads/0");
    assertThat(text(payload.at("/metadata/encoding"))).isEqualTo("json/plain");
    assertThat(text(payload.at("/data"))).isEqualTo("{\"grain\":\"spelt\"}");
  }

  @Test
  void encodesWhatTheFormSends() throws Exception {
    String plain =
        "{\"payloads\":[{\"metadata\":{\"encoding\":\"%s\"},\"data\":\"%s\"}]}"
            .formatted(base64("json/plain"), base64("\"rye\""));

    HttpResponse<String> response =
        http.send(request("/encode", plain).build(), BodyHandlers.ofString());

    Payloads.Builder encoded = Payloads.newBuilder();
    JsonFormat.parser().merge(response.body(), encoded);
    assertThat(response.body()).doesNotContain(base64("\"rye\""));
    assertThat(converter.fromPayload(encoded.getPayloads(0), String.class, String.class))
        .isEqualTo("rye");
  }

  @Test
  void whatCannotBeDecodedOrIsLargeIsReplacedAndTheRestIsShown() throws Exception {
    Payload lost = converter.toPayload("a".repeat(9_000) + System.nanoTime()).orElseThrow();
    Payload stored = store(Map.of("noise", noise(9_000)));
    store.blobs().clear();
    Payload large = converter.toPayload("b".repeat(11_000)).orElseThrow();
    String body =
        JsonFormat.printer()
            .print(Payloads.newBuilder().addPayloads(stored).addPayloads(large).addPayloads(lost));

    HttpResponse<String> response =
        http.send(request("/decode", body).build(), BodyHandlers.ofString());

    JsonNode payloads = new ObjectMapper().readTree(response.body()).at("/payloads");
    assertThat(text(payloads.at("/0/data"))).contains("is not in memory:");
    assertThat(text(payloads.at("/1/data"))).contains("11,002 bytes, not shown");
    assertThat(text(payloads.at("/2/data"))).startsWith("\"aaa");
  }

  @Test
  void othersAreTurnedAway() throws Exception {
    assertThat(status(request("/decode", "{}").header("Origin", "http://evil.example")))
        .isEqualTo(403);
    assertThat(status(request("/decode", "{}").header("X-Namespace", "other"))).isEqualTo(403);
    assertThat(status(request("/", "{}"))).isEqualTo(404);
    assertThat(status(request("/decode", "{\"payloads\":7}"))).isEqualTo(400);
    assertThat(status(request("/decode", " ".repeat(100_001)))).isEqualTo(413);
    assertThat(status(request("/decode", "").GET())).isEqualTo(405);
    store.down(true);
    Payload stored = Envelope.of(ClaimCheck.ENCODING, claim(), ByteString.EMPTY);
    String body = JsonFormat.printer().print(Payloads.newBuilder().addPayloads(stored));
    assertThat(status(request("/decode", body))).isEqualTo(503);
  }

  @Test
  void answersTheBrowsersPreflight() throws Exception {
    HttpResponse<String> response =
        http.send(
            request("/decode", "")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", UI)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type,x-namespace")
                .build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("Access-Control-Allow-Headers"))
        .contains("Authorization, Content-Type, X-Namespace");
  }

  private Payload store(Object value) {
    Payload stored = converter.toPayload(value).orElseThrow();
    assertThat(Envelope.is(stored, ClaimCheck.ENCODING)).isTrue();
    return stored;
  }

  private static Map<String, String> claim() {
    String sha256 = Digest.sha256(new byte[0]);
    return Map.of(
        "millrace-key",
        "payloads/2026-11-21/" + sha256,
        "millrace-sha256",
        sha256,
        "millrace-size",
        "0");
  }

  private static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private int status(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString()).statusCode();
  }

  private HttpRequest.Builder request(String path, String body) {
    return HttpRequest.newBuilder(server.address().resolve(path))
        .timeout(Waiting.LIMIT)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private static String text(JsonNode base64) {
    return new String(Base64.getDecoder().decode(base64.asText()), UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
