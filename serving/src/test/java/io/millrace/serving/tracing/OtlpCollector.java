package io.millrace.serving.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Takes traces by OTLP over HTTP, as any collector does. */
final class OtlpCollector implements AutoCloseable {
  private final HttpServer server;

  /** What came, request by request. */
  private final Collection<ExportTraceServiceRequest> requests = new ConcurrentLinkedQueue<>();

  /** Values of the header {@code X-Tenant}. */
  final Collection<String> tenants = new ConcurrentLinkedQueue<>();

  OtlpCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
      tenants.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Tenant")));
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A span as it came, its ids in hexadecimal and its attributes as text. */
  record Received(
      String name,
      String kind,
      String trace,
      String id,
      String parent,
      Map<String, String> attributes) {
    private static Received of(Span span) {
      HexFormat hex = HexFormat.of();
      return new Received(
          span.getName(),
          span.getKind().name(),
          hex.formatHex(span.getTraceId().toByteArray()),
          hex.formatHex(span.getSpanId().toByteArray()),
          hex.formatHex(span.getParentSpanId().toByteArray()),
          texts(span.getAttributesList()));
    }
  }

  List<Received> spans() {
    return requests.stream()
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .map(Received::of)
        .toList();
  }

  /** Who sent the spans. */
  Map<String, String> resource() {
    Resource resource = requests.iterator().next().getResourceSpans(0).getResource();
    return texts(resource.getAttributesList());
  }

  private static Map<String, String> texts(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(Collectors.toMap(KeyValue::getKey, entry -> text(entry.getValue())));
  }

  private static String text(AnyValue value) {
    return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
