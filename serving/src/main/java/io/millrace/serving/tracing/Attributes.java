package io.millrace.serving.tracing;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/** What spans say: OpenTelemetry's semantic conventions where they have a name, ours elsewhere. */
final class Attributes {
  static final AttributeKey<String> METHOD = stringKey("http.request.method");
  static final AttributeKey<String> ROUTE = stringKey("http.route");
  static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
  static final AttributeKey<String> SCHEME = stringKey("url.scheme");
  static final AttributeKey<String> PATH = stringKey("url.path");
  static final AttributeKey<String> ERROR_TYPE = stringKey("error.type");
  static final AttributeKey<String> DB_SYSTEM = stringKey("db.system.name");
  static final AttributeKey<String> DB_OPERATION = stringKey("db.operation.name");

  static final AttributeKey<String> REQUEST_ID = stringKey("millrace.request_id");
  static final AttributeKey<Long> KEYS = longKey("millrace.features.keys");
  static final AttributeKey<Long> FOUND = longKey("millrace.features.found");
  static final AttributeKey<String> MODEL = stringKey("millrace.model.name");
  static final AttributeKey<String> VERSION = stringKey("millrace.model.version");
  static final AttributeKey<String> ALIAS = stringKey("millrace.model.alias");
  static final AttributeKey<Long> ROWS = longKey("millrace.rows");
  static final AttributeKey<String> OUTCOME = stringKey("millrace.outcome");

  private Attributes() {}

  /** Lets a span say that what it is about failed. */
  static void fail(Span span, Exception failure) {
    span.setAttribute(ERROR_TYPE, failure.getClass().getName());
    span.setStatus(StatusCode.ERROR, String.valueOf(failure.getMessage()));
  }
}
