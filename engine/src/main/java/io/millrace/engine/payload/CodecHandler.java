package io.millrace.engine.payload;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.failure.ApplicationFailure;
import io.temporal.payload.codec.PayloadCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of {@link CodecServer}. */
final class CodecHandler implements HttpHandler {

  private static final Logger logger = LoggerFactory.getLogger(CodecHandler.class);
  private static final ByteString REPLACED = ByteString.copyFromUtf8("true");

  private final CodecServer.Options options;
  private final PayloadCodec codec;

  CodecHandler(CodecServer.Options options, PayloadCodec codec) {
    this.options = options;
    this.codec = codec;
  }

  /** An answer: a status, and a body that is JSON if it is good and text if not. */
  private record Answer(int status, String body) {}

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(exchange);
      } catch (BlobStoreException e) {
        answer = new Answer(503, String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        logger.warn("{} failed", exchange.getRequestURI().getPath(), e);
        answer = new Answer(500, "The codec failed; its log says why");
      }
      send(exchange, answer);
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    @Nullable String origin = exchange.getRequestHeaders().getFirst("Origin");
    if (origin != null && !options.origins().contains(origin)) {
      return new Answer(
          403, "Origin %s may not ask; only %s may".formatted(origin, options.origins()));
    }
    if (exchange.getRequestMethod().equals("OPTIONS")) {
      return new Answer(204, "");
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      return new Answer(405, "Use POST");
    }
    @Nullable String namespace = exchange.getRequestHeaders().getFirst("X-Namespace");
    if (namespace != null && !namespace.equals(options.namespace())) {
      return new Answer(
          403, "This codec serves namespace %s, not %s".formatted(options.namespace(), namespace));
    }
    String path = exchange.getRequestURI().getPath();
    if (!path.equals("/encode") && !path.equals("/decode")) {
      return new Answer(404, "There are /encode and /decode, not " + path);
    }
    byte[] body = exchange.getRequestBody().readNBytes(options.maxBody() + 1);
    if (body.length > options.maxBody()) {
      return new Answer(413, "A request may have at most %,d bytes".formatted(options.maxBody()));
    }
    return convert(path.equals("/decode"), body);
  }

  private Answer convert(boolean decode, byte[] body) {
    Payloads.Builder asked = Payloads.newBuilder();
    try {
      JsonFormat.parser()
          .ignoringUnknownFields()
          .merge(new String(body, StandardCharsets.UTF_8), asked);
    } catch (InvalidProtocolBufferException e) {
      return new Answer(400, "The body must be Payloads as JSON: " + e.getMessage());
    }
    try {
      List<Payload> converted =
          decode
              ? asked.getPayloadsList().stream().map(this::show).toList()
              : codec.encode(asked.getPayloadsList());
      return new Answer(
          200,
          JsonFormat.printer()
              .omittingInsignificantWhitespace()
              .print(Payloads.newBuilder().addAllPayloads(converted)));
    } catch (ApplicationFailure e) {
      return new Answer(413, e.getOriginalMessage());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("Payloads have no type that cannot be printed", e);
    }
  }

  private Payload show(Payload payload) {
    Payload decoded;
    try {
      decoded = codec.decode(List.of(payload)).get(0);
    } catch (UnreadablePayloadException e) {
      return replacement(String.valueOf(e.getMessage()));
    }
    int size = decoded.getData().size();
    return size > options.maxShown()
        ? replacement("%,d bytes, not shown: the limit is %,d".formatted(size, options.maxShown()))
        : decoded;
  }

  private static Payload replacement(String why) {
    return DefaultDataConverter.STANDARD_INSTANCE
        .toPayload(Map.of("millrace", why))
        .orElseThrow()
        .toBuilder()
        .putMetadata("millrace-replaced", REPLACED)
        .build();
  }

  private void send(HttpExchange exchange, Answer answer) throws IOException {
    var headers = exchange.getResponseHeaders();
    @Nullable String origin = exchange.getRequestHeaders().getFirst("Origin");
    if (origin != null && options.origins().contains(origin)) {
      headers.set("Access-Control-Allow-Origin", origin);
      headers.set("Access-Control-Allow-Credentials", "true");
    }
    headers.set("Access-Control-Allow-Methods", "POST, OPTIONS");
    headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Namespace");
    headers.set("Vary", "Origin");
    headers.set("Cache-Control", "no-store");
    headers.set(
        "Content-Type", answer.status() == 200 ? "application/json" : "text/plain; charset=utf-8");
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}
