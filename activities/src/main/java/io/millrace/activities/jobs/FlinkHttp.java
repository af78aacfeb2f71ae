package io.millrace.activities.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests to Flink's REST interface. Each has a timeout; a failure is a {@link PipelineException}:
 * {@code UNAVAILABLE} if nobody answers, else {@code JOB_FAILED} with Flink's reason.
 */
final class FlinkHttp {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  /** Some paths answer 500 for a job that is not there. */
  private static final String UNKNOWN_JOB = "Could not find Flink job";

  private static final int MAX = 600;
  private static final String BOUNDARY = "millrace-jar-3f1c7b9e";

  /** The innermost cause is the last that a Java stack trace names. */
  private static final Pattern CAUSE = Pattern.compile("(?m)^\\s*Caused by: (.+)$");

  private static final Pattern EXCEPTION =
      Pattern.compile("(?m)^(?:[a-z0-9_]+\\.)+[A-Za-z0-9_$]+: (.+)$");

  private final URI url;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  private final String token;

  /** An empty token is not sent. */
  FlinkHttp(URI url, String token) {
    this.url = url;
    this.token = token;
  }

  /** Empty if there is no such thing. */
  Optional<JsonNode> get(String path) {
    return send(request(path, ANSWER).GET());
  }

  /** Empty if there is no such thing. */
  Optional<JsonNode> post(String path, JsonNode body, Duration patience) {
    return send(
        request(path, patience)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  Optional<JsonNode> patch(String path) {
    return send(request(path, ANSWER).method("PATCH", BodyPublishers.noBody()));
  }

  /** Sends a file as a form in a browser would. */
  JsonNode upload(String path, String name, byte[] content) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(content.length + 512);
    body.writeBytes(
        """
        --%s\r
        Content-Disposition: form-data; name="jarfile"; filename="%s"\r
        Content-Type: application/x-java-archive\r
        \r
        """
            .formatted(BOUNDARY, name)
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(content);
    body.writeBytes("\r\n--%s--\r\n".formatted(BOUNDARY).getBytes(StandardCharsets.UTF_8));
    return send(request(path, Duration.ofMinutes(2))
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(BodyPublishers.ofByteArray(body.toByteArray())))
        .orElseThrow(
            () ->
                new PipelineException(
                    PipelineFailure.JOB_FAILED,
                    "Flink at flink.rest-url=%s takes no jars: set web.submit.enable=true there"
                        .formatted(url)));
  }

  private HttpRequest.Builder request(String path, Duration patience) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).timeout(patience);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private Optional<JsonNode> send(HttpRequest.Builder builder) {
    HttpResponse<String> answer = exchange(builder.build());
    int status = answer.statusCode();
    if (status < 300) {
      return Optional.of(json(answer.body()));
    } else if (status == NOT_FOUND || answer.body().contains(UNKNOWN_JOB)) {
      return Optional.empty();
    }
    PipelineFailure failure =
        status == UNAVAILABLE ? PipelineFailure.UNAVAILABLE : PipelineFailure.JOB_FAILED;
    throw new PipelineException(
        failure, "Flink at %s refuses (%d): %s".formatted(url, status, reason(answer.body())));
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new PipelineException(
          PipelineFailure.UNAVAILABLE,
          e instanceof HttpTimeoutException
              ? "Flink at flink.rest-url=%s did not answer within %d s: it is slow or hangs; try again"
                  .formatted(url, request.timeout().orElse(CONNECT).toSeconds())
              : "Flink at flink.rest-url=%s does not answer (%s): start it with `millrace up`"
                  .formatted(
                      url,
                      e instanceof ConnectException ? "the connection was refused" : e.toString()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PipelineException(
          PipelineFailure.UNAVAILABLE, "Interrupted while waiting for Flink at " + url, e);
    }
  }

  private static JsonNode json(String body) {
    try {
      return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new PipelineException(
          PipelineFailure.JOB_FAILED, "Not Flink's REST interface: it answers " + brief(body), e);
    }
  }

  private static String reason(String body) {
    try {
      StringBuilder errors = new StringBuilder();
      JSON.readTree(body).path("errors").forEach(e -> errors.append(e.asText()).append('\n'));
      return innermost(errors.isEmpty() ? body : errors.toString());
    } catch (JsonProcessingException e) {
      return brief(body);
    }
  }

  /** The reason at the bottom of a stack trace, in a line. */
  static String innermost(String trace) {
    String found = null;
    for (Matcher cause = CAUSE.matcher(trace); cause.find(); ) {
      found = cause.group(1);
    }
    Matcher outer = EXCEPTION.matcher(trace);
    if (found == null && outer.find()) {
      found = outer.group(1);
    }
    return brief(found == null ? trace.lines().findFirst().orElse("") : found);
  }

  private static String brief(String text) {
    String line = text.strip();
    return line.length() <= MAX ? line : line.substring(0, MAX) + "…";
  }
}
