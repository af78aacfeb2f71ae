package io.millrace.workers.serving;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.OnlineVersion;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.metrics.ServingMetrics;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.predict.EntityPredictions;
import io.millrace.serving.predict.PredictRoutes;
import io.millrace.serving.predict.Predictor;
import io.millrace.serving.predict.Shadows;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets the JVM compile what answers requests before the first real one comes: a cold server costs
 * many times a warm one's time, and falls behind when a proxy gives it its full share at once.
 *
 * <p>Predictions are asked, one after the other, of a server of its own on a free port of this
 * machine, with the models that are loaded; nothing of it is logged, counted or looked up.
 */
final class WarmUp {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int ANSWER_BYTES = 1 << 16;
  private static final String OK = "HTTP/1.1 200";
  private static final Pattern LENGTH = Pattern.compile("Content-Length: ([0-9]+)");
  private static final OnlineRow ANY_ROW =
      new OnlineRow(
          new OnlineVersion(Instant.EPOCH, "0".repeat(16), 1),
          "",
          new PurchaseFeatures("", 1, 1, "", "", 1));

  private WarmUp() {}

  /**
   * Asks until the time is over.
   *
   * @return how many predictions were asked for; 0 if there is no model yet
   * @throws IOException if an answer is not 200
   */
  static int run(ModelStore models, Duration limit) throws IOException {
    List<byte[]> requests = models.names().stream().flatMap(name -> both(models, name)).toList();
    if (requests.isEmpty()) {
      return 0;
    }
    try (ServingMetrics metrics = new ServingMetrics();
        Shadows shadows = new Shadows();
        ServingServer server = server(models, metrics, shadows)) {
      return ask(server.start(), requests, System.nanoTime() + limit.toNanos());
    }
  }

  private static ServingServer server(ModelStore models, ServingMetrics metrics, Shadows shadows) {
    Predictor predictor =
        new Predictor(
            models,
            new EntityPredictions(keys -> Collections.nCopies(keys.size(), ANY_ROW)),
            ServedVersion::score,
            metrics.sink(record -> {}, Map.of()),
            shadows,
            Limits.DEFAULT,
            Clock.systemUTC());
    return new ServingServer(
        HttpOptions.at("127.0.0.1", 0), metrics.requests(), List.of(new PredictRoutes(predictor)));
  }

  /** An instance, and a user and a product. */
  private static Stream<byte[]> both(ModelStore models, String name) {
    String fields =
        models.require(name).champion().schema().inputs().stream()
            .map(WarmUp::field)
            .collect(Collectors.joining(","));
    return Stream.of(
        request(name, "{\"instances\":[{" + fields + "}]}"),
        request(name, "{\"entities\":[{\"user_id\":1,\"product_id\":1}]}"));
  }

  private static String field(Input input) {
    return "\"" + input.name() + "\":" + (input.kind() == Kind.NUMBER ? "1.5" : "\"\"");
  }

  private static byte[] request(String model, String body) {
    return String.join(
            "\r\n",
            "POST /models/" + model + "/predict HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Content-Length: " + body.getBytes(UTF_8).length,
            "",
            body)
        .getBytes(UTF_8);
  }

  private static int ask(int port, List<byte[]> requests, long deadline) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      byte[] answer = new byte[ANSWER_BYTES];
      int asked = 0;
      while (System.nanoTime() < deadline) {
        out.write(requests.get(asked++ % requests.size()));
        String head = new String(answer, 0, read(in, answer), US_ASCII);
        if (!head.startsWith(OK)) {
          throw new IOException("A prediction was answered with: " + head);
        }
      }
      return asked;
    }
  }

  /** Reads one answer; how many bytes it has. */
  private static int read(InputStream in, byte[] answer) throws IOException {
    int count = 0;
    int length = Integer.MAX_VALUE;
    while (count < length) {
      int more = in.read(answer, count, answer.length - count);
      if (more <= 0) {
        throw new IOException("An answer broke off after %d bytes".formatted(count));
      }
      count += more;
      length = length(new String(answer, 0, count, US_ASCII));
    }
    return count;
  }

  /** Of head and body; the greatest of all while the head is not whole. */
  private static int length(String text) {
    int head = text.indexOf("\r\n\r\n");
    Matcher length = LENGTH.matcher(text);
    return head < 0 || !length.find()
        ? Integer.MAX_VALUE
        : head + 4 + Integer.parseInt(length.group(1));
  }
}
