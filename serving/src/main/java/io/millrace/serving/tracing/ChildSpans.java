package io.millrace.serving.tracing;

import io.millrace.core.features.OnlineRow;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.serving.features.OnlineFeatures;
import io.millrace.serving.http.AsyncResponses;
import io.millrace.serving.models.Scoring;
import io.millrace.serving.models.VersionLoader;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Spans of what happens in a request; each is a child of the span that the thread is in. */
final class ChildSpans {
  private ChildSpans() {}

  static OnlineFeatures features(Tracer tracer, OnlineFeatures next) {
    return (keys, threads) -> {
      Span span =
          tracer
              .spanBuilder("get_online_features")
              .setSpanKind(SpanKind.CLIENT)
              .setAttribute(Attributes.DB_SYSTEM, "redis")
              .setAttribute(Attributes.DB_OPERATION, "MGET")
              .setAttribute(Attributes.KEYS, (long) keys.size())
              .startSpan();
      return next.find(keys, threads)
          .whenComplete(
              (rows, failure) -> {
                if (failure == null) {
                  span.setAttribute(Attributes.FOUND, found(rows));
                } else {
                  Attributes.fail(span, AsyncResponses.cause(failure));
                }
                span.end();
              });
    };
  }

  private static long found(List<@Nullable OnlineRow> rows) {
    long found = 0;
    for (OnlineRow row : rows) {
      found += row == null ? 0 : 1;
    }
    return found;
  }

  static Scoring scoring(Tracer tracer, Scoring next) {
    return (version, rows) -> {
      Span span =
          tracer
              .spanBuilder("predict")
              .setAttribute(Attributes.MODEL, version.model())
              .setAttribute(Attributes.VERSION, version.version())
              .setAttribute(Attributes.ALIAS, version.alias())
              .setAttribute(Attributes.ROWS, (long) rows.count())
              .startSpan();
      try {
        return next.score(version, rows);
      } catch (RuntimeException e) {
        Attributes.fail(span, e);
        throw e;
      } finally {
        span.end();
      }
    };
  }

  static VersionLoader loads(Tracer tracer, VersionLoader next) {
    return (model, version, alias) -> {
      Span span =
          tracer
              .spanBuilder("load_model")
              .setAttribute(Attributes.MODEL, model)
              .setAttribute(Attributes.VERSION, version)
              .setAttribute(Attributes.ALIAS, alias)
              .startSpan();
      try {
        var loaded = next.load(model, version, alias);
        span.setAttribute(Attributes.OUTCOME, "loaded");
        return loaded;
      } catch (RuntimeException e) {
        boolean refused =
            e instanceof IllegalArgumentException || e instanceof NotRegisteredException;
        span.setAttribute(Attributes.OUTCOME, refused ? "refused" : "failed");
        Attributes.fail(span, e);
        throw e;
      } finally {
        span.end();
      }
    };
  }
}
