package io.millrace.bench.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * One request that a seed decides.
 *
 * @param kind what is wrong with it, if anything
 * @param path where it goes
 * @param head its head, or all of it if it is not HTTP
 * @param body its body as the server should see it
 * @param sent the body's bytes as they are sent, fewer or packed
 * @param fresh whether it needs a connection of its own
 */
@SuppressWarnings("ArrayRecordComponent")
record FuzzCase(Kind kind, String path, byte[] head, byte[] body, byte[] sent, boolean fresh) {

  private static final List<String> PATHS =
      List.of(Bodies.PREDICT, Bodies.PREDICT, Bodies.ENTITIES, Bodies.INFERENCE);

  static FuzzCase of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return of(Kind.any(random), random);
  }

  static FuzzCase of(Kind kind, SplittableRandom random) {
    Bodies bodies = new Bodies(random);
    String path = bodies.pick(PATHS);
    return switch (kind) {
      case VALID -> plain(kind, path, bodies.valid(path).getBytes(UTF_8));
      case MUTATED -> plain(kind, path, bodies.mutated(path));
      case NOISE -> plain(kind, path, bodies.noise());
      case ODD_VALUE -> plain(kind, path, bodies.oddValue(path).getBytes(UTF_8));
      case DEEP -> plain(kind, path, bodies.deep().getBytes(UTF_8));
      case DOUBLED_KEY -> plain(kind, path, bodies.doubledKey(path).getBytes(UTF_8));
      case UNKNOWN_FIELD -> plain(kind, path, bodies.unknownField(path).getBytes(UTF_8));
      case BAD_UTF8 -> plain(kind, path, bodies.badUtf8(path));
      case EMPTY ->
          plain(
              kind,
              path,
              bodies
                  .pick(List.of("", " ", "[]", "{}", "null", "{\"instances\":[]}"))
                  .getBytes(UTF_8));
      case HUGE_BATCH -> plain(kind, Bodies.ENTITIES, bodies.entities(100_000, 9).getBytes(UTF_8));
      case CONTENT_TYPE ->
          with(
              kind,
              path,
              "Content-Type: "
                  + bodies.pick(
                      List.of(
                          "text/plain",
                          "application/xml",
                          "",
                          "application/json5",
                          "multipart/form-data; boundary=x"))
                  + "\r\n",
              bodies.valid(path).getBytes(UTF_8),
              false);
      case PACKED -> packed(kind, path, bodies.valid(path).getBytes(UTF_8), random.nextBoolean());
      case BOMB -> packed(kind, path, new byte[40 << 20], false);
      case UNKNOWN_MODEL ->
          plain(
              kind,
              "/models/"
                  + bodies.pick(
                      List.of(
                          "nope",
                          "%00",
                          "%2e%2e",
                          "a".repeat(2_000),
                          "%C0%AF",
                          "a%2Fb",
                          "iris_xgboost_classifier"))
                  + "/predict",
              bodies.valid(Bodies.PREDICT).getBytes(UTF_8));
      case UNKNOWN_PATH ->
          plain(
              kind,
              "/"
                  + bodies.pick(
                      List.of(
                          "x",
                          "predict/",
                          "%",
                          "models//predict",
                          "..;/predict",
                          "predict%20",
                          "health/../predict",
                          "docs/..%2f..%2fsecret",
                          "?",
                          "predict?x=%zz",
                          "models/%ff/predict")),
              new byte[0]);
      case WRONG_METHOD ->
          whole(
              kind,
              path,
              bodies.pick(
                  List.of("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "post")),
              "",
              new byte[0],
              new byte[0],
              true);
      case LONG_HEAD ->
          with(kind, path, "X-Long: " + "x".repeat(20_000) + "\r\n", new byte[0], true);
      case GARBAGE -> raw(kind, bodies.joined(bodies.noise(), "\r\n\r\n".getBytes(UTF_8)));
      case PIPELINED ->
          raw(
              kind,
              bodies.joined(
                  bodies.joined(FuzzConnection.head("POST", path, "", 2), "{}".getBytes(UTF_8)),
                  bodies.joined(bodies.noise(), "\r\n\r\n".getBytes(UTF_8))));
      case HALF_CLOSED -> halfClosed(kind, path, bodies, random);
      case CHUNKED -> chunked(kind, path, bodies.mutated(path));
      case SLOW -> slow(kind, path, bodies.valid(path).getBytes(UTF_8));
    };
  }

  private static FuzzCase plain(Kind kind, String path, byte[] body) {
    return with(kind, path, "Content-Type: application/json\r\n", body, false);
  }

  private static FuzzCase with(Kind kind, String path, String headers, byte[] body, boolean fresh) {
    return whole(kind, path, "POST", headers, body, body, fresh);
  }

  private static FuzzCase whole(
      Kind kind,
      String path,
      String method,
      String headers,
      byte[] body,
      byte[] sent,
      boolean fresh) {
    return new FuzzCase(
        kind, path, FuzzConnection.head(method, path, headers, sent.length), body, sent, fresh);
  }

  private static FuzzCase raw(Kind kind, byte[] bytes) {
    return new FuzzCase(kind, "", bytes, new byte[0], new byte[0], true);
  }

  private static FuzzCase halfClosed(
      Kind kind, String path, Bodies bodies, SplittableRandom random) {
    byte[] body = bodies.valid(path).getBytes(UTF_8);
    byte[] part = Arrays.copyOf(body, random.nextInt(body.length));
    return new FuzzCase(
        kind, path, FuzzConnection.head("POST", path, "", body.length), new byte[0], part, true);
  }

  private static FuzzCase slow(Kind kind, String path, byte[] body) {
    return new FuzzCase(
        kind,
        path,
        FuzzConnection.head("POST", path, "", body.length + 9),
        new byte[0],
        body,
        true);
  }

  private static FuzzCase chunked(Kind kind, String path, byte[] body) {
    byte[] size = (Integer.toHexString(body.length) + "\r\n").getBytes(ISO_8859_1);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    if (body.length > 0) {
      sent.writeBytes(size);
      sent.writeBytes(body);
      sent.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    sent.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    byte[] head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            .formatted(path)
            .getBytes(ISO_8859_1);
    return new FuzzCase(kind, path, head, body, sent.toByteArray(), false);
  }

  private static FuzzCase packed(Kind kind, String path, byte[] body, boolean broken) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("An array cannot be written to", e);
    }
    byte[] sent = packed.toByteArray();
    if (broken) {
      sent = Arrays.copyOf(sent, sent.length / 2);
    }
    return whole(
        kind, path, "POST", "Content-Encoding: gzip\r\n", broken ? new byte[0] : body, sent, false);
  }

  /** Whether the answer is to be what {@link Reference} makes of the body. */
  boolean isJudgedByItsBody() {
    return switch (kind) {
      case CONTENT_TYPE,
          UNKNOWN_MODEL,
          UNKNOWN_PATH,
          WRONG_METHOD,
          LONG_HEAD,
          GARBAGE,
          PIPELINED,
          HALF_CLOSED,
          SLOW ->
          false;
      default -> true;
    };
  }
}
