package io.millrace.serving.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the server is reached and what it puts up with.
 *
 * @param host the address to bind
 * @param port the port; 0 is any free one
 * @param sharesPort whether another server of the same user that shares it, too, may listen on the
 *     port at the same time ({@code SO_REUSEPORT}), as one that takes over does
 * @param limits how large a request may be
 * @param timeouts how long it may take
 * @param capacity how many there may be
 * @param access who may send them
 * @param corsOrigins origins whose pages may call from a browser, as {@code https://host}, or
 *     {@code *}; empty: none
 * @param tls null serves plain HTTP
 */
public record HttpOptions(
    String host,
    int port,
    boolean sharesPort,
    Limits limits,
    Timeouts timeouts,
    ServerSizing capacity,
    AccessOptions access,
    List<String> corsOrigins,
    @Nullable Tls tls) {
  public HttpOptions {
    corsOrigins = List.copyOf(corsOrigins);
  }

  /** All defaults: plain HTTP for everybody. */
  public static HttpOptions at(String host, int port) {
    return new HttpOptions(
        host,
        port,
        false,
        Limits.DEFAULT,
        Timeouts.DEFAULT,
        ServerSizing.ofThisMachine(),
        AccessOptions.OPEN,
        List.of(),
        null);
  }

  public HttpOptions sharingPort(boolean other) {
    return new HttpOptions(host, port, other, limits, timeouts, capacity, access, corsOrigins, tls);
  }

  public HttpOptions with(Limits other) {
    return new HttpOptions(
        host, port, sharesPort, other, timeouts, capacity, access, corsOrigins, tls);
  }

  public HttpOptions with(Timeouts other) {
    return new HttpOptions(
        host, port, sharesPort, limits, other, capacity, access, corsOrigins, tls);
  }

  public HttpOptions with(ServerSizing other) {
    return new HttpOptions(
        host, port, sharesPort, limits, timeouts, other, access, corsOrigins, tls);
  }

  public HttpOptions with(AccessOptions other) {
    return new HttpOptions(
        host, port, sharesPort, limits, timeouts, capacity, other, corsOrigins, tls);
  }

  public HttpOptions with(Tls other) {
    return new HttpOptions(
        host, port, sharesPort, limits, timeouts, capacity, access, corsOrigins, other);
  }

  public HttpOptions withCorsOrigins(List<String> other) {
    return new HttpOptions(host, port, sharesPort, limits, timeouts, capacity, access, other, tls);
  }
}
