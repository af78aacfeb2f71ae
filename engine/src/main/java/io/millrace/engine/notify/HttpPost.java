package io.millrace.engine.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/** Posts JSON. Messages name the host alone, for the path of such an address is often a secret. */
final class HttpPost {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI address;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1).build();

  HttpPost(URI address) {
    this.address = address;
  }

  void send(JsonNode body) {
    int status;
    try {
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
              .build();
      status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a notification", e);
    } catch (IOException e) {
      throw NotifyException.passing(
          "%s cannot be reached (%s); is the address right, and does it run?"
              .formatted(host(), e.getClass().getSimpleName()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw NotifyException.passing("interrupted while telling " + host(), e);
    }
    if (status >= 400 && status < 500 && !PASSING.contains(status)) {
      throw NotifyException.permanent(
          "%s refused it with HTTP status %d; is the address still valid?"
              .formatted(host(), status));
    }
    if (status < 200 || status >= 300) {
      throw NotifyException.passing(
          "%s answered with HTTP status %d".formatted(host(), status), null);
    }
  }

  private String host() {
    return address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
  }
}
