package io.millrace.serving.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may call: a page of another origin changes nothing and reads nothing, unless
 * {@link HttpOptions#corsOrigins} names it.
 *
 * <p>A browser sends {@code Origin} (RFC 6454) with every request that is not a GET or HEAD, and
 * the names of {@code Host} are the page's after DNS rebinding. So a change needs an origin that is
 * this server's own, and a server on loopback that asks for no key answers to loopback names only.
 * Clients that are no browsers send no {@code Origin} and are not affected.
 */
final class Origins {
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]", "::1");

  private final List<String> allowed;
  private final boolean onlyLoopbackNames;

  Origins(HttpOptions options) {
    this.allowed = options.corsOrigins();
    this.onlyLoopbackNames = LOOPBACK.contains(options.host()) && options.access().keys() == null;
  }

  /**
   * Lets a request pass.
   *
   * @param host the value of {@code Host}; null if there is none
   * @param origin the value of {@code Origin}; null if there is none
   * @throws Problem 403 if it must not
   */
  void check(String method, @Nullable String host, @Nullable String origin) {
    if (onlyLoopbackNames && host != null && !LOOPBACK.contains(name(host))) {
      throw forbidden(
          "This server answers to localhost and 127.0.0.1, not to '%s': set serving.keys-file, or let"
                  .formatted(host)
              + " your proxy send 'Host: localhost'");
    }
    if (origin != null && !READS.contains(method) && !isAllowed(origin, host)) {
      throw forbidden(
          "Pages of '%s' may not call this server: add the origin to serving.cors-origins"
              .formatted(origin));
    }
  }

  private boolean isAllowed(String origin, @Nullable String host) {
    return allowed.contains("*") || allowed.contains(origin) || isOwn(origin, host);
  }

  /** Compares name and port. The scheme is not known here if a proxy ends TLS. */
  private static boolean isOwn(String origin, @Nullable String host) {
    if (host == null) {
      return false;
    }
    try {
      URI page = URI.create(origin);
      String scheme = page.getScheme();
      if (page.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
        return false; // "null" of a sandboxed page, or a browser's extension
      }
      int usual = scheme.equals("https") ? 443 : 80;
      URI server = URI.create(scheme + "://" + host);
      return page.getHost().equalsIgnoreCase(server.getHost())
          && port(page, usual) == port(server, usual);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int port(URI uri, int usual) {
    return uri.getPort() < 0 ? usual : uri.getPort();
  }

  private static String name(String host) {
    return host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
  }

  private static Problem forbidden(String detail) {
    return new Problem(403, "Forbidden", detail);
  }
}
