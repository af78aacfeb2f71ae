package io.millrace.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictionServerTest {

  private final FakeModelSource source = new FakeModelSource().with("shop", "7");
  private final PredictionServer server = new PredictionServer(source);
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;

  @BeforeEach
  void start() {
    port = server.start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersOnePredictionAnInstanceWithTheVersionThatMadeIt() throws Exception {
    HttpResponse<String> answer =
        post("/models/shop/predict", "{\"instances\":[{\"price\":3},{\"price\":30},{}]}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"predictions\":[1.0,2.0,2.0],\"model\":\"shop\",\"version\":\"7\",\"alias\":\"champion\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"instances\":[{\"colour\":1}]} | 422 | instances[0].colour is no feature",
        "{\"instances\":[{\"price\":\"x\"}]} | 422 | instances[0]: price must be a number",
        "{\"instances\":[3]} | 400 | instances[0] is not an object",
        "{\"instances\":{}} | 400 | a list \"instances\"",
        "null | 400 | a list \"instances\"",
        "[] | 400 | ",
        "{\"inst | 400 | ",
        "{} | 400 | a list \"instances\""
      })
  void refusesBadInputAsAProblem(String body, int status, String detail) throws Exception {
    HttpResponse<String> answer = post("/models/shop/predict", body);

    JsonNode problem = new ObjectMapper().readTree(answer.body());
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("detail").asText()).contains(detail == null ? "" : detail);
    assertThat(answer.body()).doesNotContain("\tat ");
  }

  @Test
  void refusesMoreInstancesThanOneRequestMayHold() throws Exception {
    String instances = "{},".repeat(PredictionRequest.MAX_INSTANCES) + "{}";

    assertThat(post("/models/shop/predict", "{\"instances\":[%s]}".formatted(instances)))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(413);
  }

  @Test
  void refusesABodyThatIsTooLongAsAProblem() throws Exception {
    HttpResponse<String> answer = post("/models/shop/predict", " ".repeat((8 << 20) + 1));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void saysWhichModelIsMissing() throws Exception {
    HttpResponse<String> answer = post("/models/nope/predict", "{\"instances\":[]}");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("No version of 'nope' has the alias 'champion'");
  }

  @Test
  void servesOnWithTheLoadedVersionWhenTheRegistryIsDown() throws Exception {
    post("/models/shop/predict", "{\"instances\":[]}");
    source.broken = true;

    assertThat(post("/models/shop/reload", "").statusCode()).isEqualTo(503);
    assertThat(post("/models/shop/predict", "{\"instances\":[{\"price\":3}]}").statusCode())
        .isEqualTo(200);
  }

  @Test
  void takesTheNewVersionOnReload() throws Exception {
    post("/models/shop/predict", "{\"instances\":[]}");
    source.with("shop", "8");

    assertThat(post("/models/shop/reload", "").body()).contains("\"version\":\"8\"");
    assertThat(get("/health").body()).contains("\"shop\":\"8\"");
  }

  @Test
  void answersUnknownPathsAsAProblem() throws Exception {
    assertThat(get("/nothing").headers().firstValue("Content-Type"))
        .hasValue("application/problem+json");
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
