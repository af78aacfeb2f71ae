package io.millrace.stack.server;

import io.millrace.stack.process.HealthCheck;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** Small HTTP requests for health checks. */
final class Http {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private Http() {}

  /** The body of a GET that is answered by 200. */
  static String get(String url) throws IOException, InterruptedException {
    return get(url, "");
  }

  /** The same with a token; an empty one is not sent. */
  static String get(String url, String token) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).GET();
    HttpResponse<String> answer =
        send(token.isEmpty() ? request : request.header("Authorization", "Bearer " + token));
    if (answer.statusCode() != 200) {
      throw new IOException(url + " answered " + answer.statusCode());
    }
    return answer.body();
  }

  /**
   * Sends a request; errors of the connection become an {@link IOException} that names the address.
   */
  static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpRequest built = request.timeout(TIMEOUT).build();
    try {
      return CLIENT.send(built, HttpResponse.BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      throw new IOException(
          "%s did not answer within %d s".formatted(built.uri(), TIMEOUT.toSeconds()), e);
    } catch (IOException e) {
      String how = HealthCheck.isRefusal(e) ? "refuses connections" : "broke the connection off";
      throw new IOException(built.uri() + " " + how, e);
    }
  }
}
