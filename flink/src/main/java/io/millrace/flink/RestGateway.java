package io.millrace.flink;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * The door to Flink's REST interface and Web UI, which Flink itself opens to this process alone: it
 * knows neither users nor hosts. A request must name this server as its host and come from no other
 * page; one that changes anything must carry the token, if there is one.
 */
final class RestGateway implements AutoCloseable {
  private static final int THREADS = 16;
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMinutes(3);

  /** How long a wrong token is answered: slower than it can be guessed. */
  private static final Duration WRONG = Duration.ofSeconds(1);

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  /** Flink cancels and stops a job when it is asked for these pages. */
  private static final Pattern CHANGING_PAGE = Pattern.compile("/jobs/[^/]*/yarn-.*");

  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "upgrade",
          "expect",
          "origin",
          "authorization",
          ":status");

  private final URI flink;
  private final HttpClient client;
  private final List<String> hosts;
  private final String token;
  private final HttpServer server;
  private final ExecutorService threads;

  private RestGateway(URI flink, SSLContext identity, int port, String token) throws IOException {
    this.flink = flink;
    this.token = token;
    this.hosts = List.of("127.0.0.1:" + port, "localhost:" + port);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .sslContext(identity)
            .build();
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread thread = new Thread(work, "rest-gateway");
              thread.setDaemon(true);
              return thread;
            });
    this.server = HttpServer.create(new InetSocketAddress(loopback(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
  }

  /** 127.0.0.1, also where the system prefers IPv6. */
  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  /**
   * Listens on the port, on loopback.
   *
   * @param flink where Flink's REST interface is
   * @param identity that it wants to see
   * @param token that changes must carry as {@code Authorization: Bearer TOKEN}; empty: none
   */
  static RestGateway start(URI flink, SSLContext identity, int port, String token)
      throws IOException {
    RestGateway gateway = new RestGateway(flink, identity, port, token);
    gateway.server.start();
    return gateway;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String host = exchange.getRequestHeaders().getFirst("Host");
      if (host == null || !hosts.contains(host.toLowerCase(Locale.ROOT))) {
        refuse(exchange, 403, "The host of a request must be one of " + hosts + ".");
      } else if (comesFromAnotherPage(exchange.getRequestHeaders())) {
        refuse(exchange, 403, "Pages of other origins are not answered.");
      } else if (changes(exchange) && !hasToken(exchange.getRequestHeaders())) {
        pause();
        refuse(
            exchange,
            401,
            "A change needs the token: Authorization: Bearer TOKEN, flink.rest-token in"
                + " .millrace/endpoints.properties.");
      } else {
        passOn(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean comesFromAnotherPage(Headers headers) {
    String origin = headers.getFirst("Origin");
    String site = headers.getFirst("Sec-Fetch-Site");
    boolean foreign = origin != null && hosts.stream().noneMatch(h -> origin.equals("http://" + h));
    return foreign || "cross-site".equals(site) || "same-site".equals(site);
  }

  private static boolean changes(HttpExchange exchange) {
    return !READING.contains(exchange.getRequestMethod())
        || CHANGING_PAGE.matcher(exchange.getRequestURI().normalize().getPath()).matches();
  }

  private boolean hasToken(Headers headers) {
    String given = String.valueOf(headers.getFirst("Authorization"));
    return token.isEmpty()
        || MessageDigest.isEqual(
            ("Bearer " + token).getBytes(StandardCharsets.UTF_8),
            given.getBytes(StandardCharsets.UTF_8));
  }

  private void passOn(HttpExchange exchange) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(flink.resolve(exchange.getRequestURI()))
            .timeout(ANSWER)
            .method(exchange.getRequestMethod(), body(exchange));
    copy(exchange.getRequestHeaders(), request::header);
    HttpResponse<InputStream> answer;
    try {
      answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      refuse(exchange, 503, "Flink does not answer: " + e);
      return;
    }
    copy(answer.headers().map(), exchange.getResponseHeaders()::add);
    long length = answer.headers().firstValueAsLong("content-length").orElse(0);
    boolean empty = exchange.getRequestMethod().equals("HEAD") || answer.statusCode() == 304;
    exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : length);
    try (InputStream content = answer.body()) {
      if (!empty) {
        content.transferTo(exchange.getResponseBody());
      }
    }
  }

  private static BodyPublisher body(HttpExchange exchange) {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    boolean some =
        exchange.getRequestHeaders().containsKey("Transfer-Encoding")
            || (length != null && !length.equals("0"));
    if (!some) {
      return BodyPublishers.noBody();
    }
    BodyPublisher content = BodyPublishers.ofInputStream(exchange::getRequestBody);
    return length == null ? content : BodyPublishers.fromPublisher(content, Long.parseLong(length));
  }

  private interface Header {
    void add(String name, String value);
  }

  private static void copy(Map<String, List<String>> headers, Header to) {
    headers.forEach(
        (name, values) -> {
          if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))
              && !name.toLowerCase(Locale.ROOT).startsWith("access-control-")) {
            values.forEach(value -> to.add(name, value));
          }
        });
  }

  private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
    byte[] body =
        "{\"errors\":[\"%s\"]}".formatted(why.replace('"', ' ')).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static void pause() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(WRONG.toNanos());
  }
}
