package io.millrace.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server whose paths only say how long their bodies were, and a client. */
final class LengthServer implements AutoCloseable {
  static final HttpOptions OPTIONS = HttpOptions.at("127.0.0.1", 0).with(new Limits(1_000, 10));

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Opened once a request for {@code /slow} is being answered. */
  final CountDownLatch begun = new CountDownLatch(1);

  /** Lets those requests end. */
  final CountDownLatch gate = new CountDownLatch(1);

  final List<ServingServer> started = new ArrayList<>();

  @Override
  public void close() {
    gate.countDown();
    started.forEach(ServingServer::close);
  }

  int start(HttpOptions options) {
    return start(options, new CopyOnWriteArrayList<>());
  }

  int start(HttpOptions options, List<String> told) {
    RequestListener listener =
        (handler, method, status, nanos) -> told.add(handler + " " + method + " " + status);
    ServingServer server =
        new ServingServer(
            options,
            listener,
            List.of(
                app ->
                    app.post("/length", c -> c.result("" + RequestBody.of(c).length))
                        .get(
                            "/long/{n}",
                            c -> c.result("x".repeat(5_000 * Integer.parseInt(c.pathParam("n")))))
                        .get("/halting", LengthServer::halt)
                        .get("/health/ready", c -> c.result("ready"), Role.OPEN)
                        .get(
                            "/slow",
                            c -> {
                              begun.countDown();
                              gate.await();
                              c.result("done");
                            })));
    started.add(server);
    return server.start();
  }

  /** Answers as one does that has no processor for a while. */
  private static void halt(Context context) throws Exception {
    OutputStream out = context.res().getOutputStream();
    out.write("first, ".getBytes(UTF_8));
    out.flush();
    TimeUnit.MILLISECONDS.sleep(700);
    out.write("second".getBytes(UTF_8));
  }

  HttpResponse<byte[]> send(
      int port, String method, String path, BodyPublisher body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(int port, String path, String... headers) throws Exception {
    return send(port, "GET", path, BodyPublishers.noBody(), headers);
  }

  HttpResponse<byte[]> post(int port, byte[] body, String... headers) throws Exception {
    return send(port, "POST", "/length", BodyPublishers.ofByteArray(body), headers);
  }

  static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  int status(int port, String path) {
    try {
      return get(port, path).statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
