package io.millrace.stack.connect;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;
import org.jspecify.annotations.Nullable;

/**
 * Guards the REST interface of Kafka Connect, which asks nobody who they are: a request must name
 * this server as its host, come from no page of a browser, and carry the token of the environment
 * variable {@value #TOKEN}.
 */
public final class RestGuard implements ConnectRestExtension {
  /** Names the token in the environment of the worker. */
  public static final String TOKEN = "MILLRACE_CONNECT_TOKEN";

  private static final long WRONG_MILLIS = 1_000;

  @Override
  public void register(ConnectRestExtensionContext context) {
    String token = System.getenv().getOrDefault(TOKEN, "");
    context.configurable().register(new Guard(token), ContainerRequestFilter.class);
  }

  @Override
  public void configure(Map<String, ?> settings) {
    // The token comes from the environment: settings can be read over REST.
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public void close() {
    // Holds nothing.
  }

  /** Lets a request pass or answers it. */
  @PreMatching
  static final class Guard implements ContainerRequestFilter {
    private final String token;

    Guard(String token) {
      this.token = token;
    }

    @Override
    public void filter(ContainerRequestContext request) {
      String host = String.valueOf(request.getHeaderString("Host")).replaceFirst(":[0-9]+$", "");
      if (!Set.of("127.0.0.1", "localhost").contains(host)) {
        refuse(request, 403, "The host of a request must be 127.0.0.1 or localhost.");
      } else if (request.getHeaderString("Origin") != null) {
        refuse(request, 403, "Pages of browsers are not answered.");
      } else if (!isToken(request.getHeaderString("Authorization"))) {
        pause();
        refuse(
            request,
            401,
            "A request needs the token: Authorization: Bearer TOKEN, cdc.connect-token in"
                + " .millrace/endpoints.properties.");
      }
    }

    private boolean isToken(@Nullable String given) {
      return !token.isEmpty()
          && MessageDigest.isEqual(
              ("Bearer " + token).getBytes(StandardCharsets.UTF_8),
              String.valueOf(given).getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(ContainerRequestContext request, int status, String why) {
      request.abortWith(
          Response.status(status)
              .type("application/json")
              .entity("{\"error_code\":%d,\"message\":\"%s\"}".formatted(status, why))
              .build());
    }

    /** A wrong token is answered slower than it can be guessed. */
    private static void pause() {
      try {
        Thread.sleep(WRONG_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
