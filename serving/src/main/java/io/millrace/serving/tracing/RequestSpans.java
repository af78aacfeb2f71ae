package io.millrace.serving.tracing;

import io.millrace.serving.http.RequestListener;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * A span of each request, named by its method and route; probes and scrapes have none. It is a
 * child of the caller's if the request says so, by {@code traceparent} for example. What the log
 * says meanwhile has the trace's id under {@value #TRACE_ID}.
 */
final class RequestSpans implements RequestListener {
  static final String TRACE_ID = "trace_id";

  /** The attribute of a request whose span no thread is in. */
  private static final String WAITING = "millrace.span";

  private static final String UNKNOWN_METHOD = "_OTHER";
  private static final TextMapGetter<HttpServletRequest> HEADERS = new Headers();
  private static final ThreadLocal<@Nullable Open> OPEN = new ThreadLocal<>();

  private final Tracer tracer;
  private final ContextPropagators propagators;
  private final RequestListener next;

  RequestSpans(Tracer tracer, ContextPropagators propagators, RequestListener next) {
    this.tracer = tracer;
    this.propagators = propagators;
    this.next = next;
  }

  private record Open(Span span, Scope scope) {}

  @Override
  public void came(io.javalin.http.Context context, String id) {
    next.came(context, id);
    HttpServletRequest request = context.req();
    String path = request.getRequestURI();
    // Of a request that ended without a word the thread may still have the span; so in resumed.
    close(OPEN.get());
    if (isProbe(path)) {
      return;
    }
    Context caller = propagators.getTextMapPropagator().extract(Context.root(), request, HEADERS);
    String method = context.method().isHttpMethod() ? request.getMethod() : UNKNOWN_METHOD;
    Span span =
        tracer
            .spanBuilder(method.equals(UNKNOWN_METHOD) ? "HTTP" : method)
            .setParent(caller)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(Attributes.METHOD, method)
            .setAttribute(Attributes.SCHEME, request.getScheme())
            .setAttribute(Attributes.PATH, path)
            .setAttribute(Attributes.REQUEST_ID, id)
            .startSpan();
    enter(span, caller);
  }

  /** The thread is in the span until it {@linkplain #leave leaves} it. */
  @SuppressWarnings("MustBeClosedChecker")
  private static void enter(Span span, Context caller) {
    OPEN.set(new Open(span, caller.with(span).makeCurrent()));
    MDC.put(TRACE_ID, span.getSpanContext().getTraceId());
  }

  private static void leave(Open now) {
    OPEN.remove();
    MDC.remove(TRACE_ID);
    now.scope().close();
  }

  @Override
  public void left(io.javalin.http.Context context) {
    next.left(context);
    @Nullable Open now = OPEN.get();
    if (now != null) {
      context.req().setAttribute(WAITING, now.span());
      leave(now);
    }
  }

  @Override
  public void resumed(io.javalin.http.Context context) {
    next.resumed(context);
    @Nullable Object waiting = context.req().getAttribute(WAITING);
    if (waiting instanceof Span span) {
      context.req().removeAttribute(WAITING);
      close(OPEN.get());
      enter(span, Context.root());
    }
  }

  @Override
  public void answered(String handler, String method, int status, long nanos) {
    next.answered(handler, method, status, nanos);
    @Nullable Open now = OPEN.get();
    if (now == null) {
      return;
    }
    Span span = now.span();
    if (!handler.equals(UNMATCHED)) {
      span.updateName(method + ' ' + handler);
      span.setAttribute(Attributes.ROUTE, handler);
    }
    span.setAttribute(Attributes.STATUS, (long) status);
    if (status >= 500) {
      span.setAttribute(Attributes.ERROR_TYPE, Integer.toString(status));
      span.setStatus(StatusCode.ERROR);
    }
    close(now);
  }

  private void close(@Nullable Open now) {
    if (now != null) {
      leave(now);
      now.span().end();
    }
  }

  private static boolean isProbe(String path) {
    return path.equals("/health") || path.startsWith("/health/") || path.equals("/metrics");
  }

  private static final class Headers implements TextMapGetter<HttpServletRequest> {
    @Override
    public Iterable<String> keys(HttpServletRequest request) {
      return Collections.list(request.getHeaderNames());
    }

    @Override
    public @Nullable String get(@Nullable HttpServletRequest request, String name) {
      return request == null ? null : request.getHeader(name);
    }
  }
}
