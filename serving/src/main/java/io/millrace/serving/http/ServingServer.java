package io.millrace.serving.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: what all paths share. Errors are problem+json, and none shows a stack trace.
 *
 * <p>One that is closed is no longer ready, serves on for {@link Timeouts#preStop}, answering each
 * connection for the last time, then stops to listen and waits for the requests that have begun to
 * come, for {@link Timeouts#drain} at most. A connection on which none has holds it up for a moment
 * only.
 */
public final class ServingServer implements AutoCloseable {
  private static final String READY = "/health/ready";

  private final HttpOptions options;
  private final RequestListener listener;
  private final RequestBody body;
  private final Origins origins;
  private final JettyParts jetty;
  private final Javalin app;
  private final CountDownLatch preStopOver = new CountDownLatch(1);
  private volatile boolean draining;

  /**
   * Serves the routes once it is started.
   *
   * @throws IllegalArgumentException if the file of keys cannot be used
   */
  public ServingServer(HttpOptions options, RequestListener listener, List<Routes> routes) {
    this.options = options;
    this.listener = listener;
    this.body = new RequestBody(options);
    this.origins = new Origins(options);
    this.jetty = new JettyParts(options);
    this.app = Javalin.create(this::configure).before(this::receive).after(this::tell);
    if (!options.access().isOpen()) {
      app.beforeMatched(new Access(options.access())::check);
    }
    // Javalin would answer its own without asking, were they not named.
    app.exception(HttpResponseException.class, Failures::answer)
        .exception(Exception.class, Failures::answer);
    routes.forEach(route -> route.addTo(app));
  }

  private void configure(JavalinConfig config) {
    config.showJavalinBanner = false;
    config.startupWatcherEnabled = false;
    config.http.maxRequestSize = options.limits().bodyBytes();
    config.http.prefer405over404 = true;
    config.http.gzipOnlyCompression(1);
    jetty.configure(config, listener);
    if (!options.corsOrigins().isEmpty()) {
      config.bundledPlugins.enableCors(
          cors ->
              cors.addRule(
                  rule -> {
                    if (options.corsOrigins().contains("*")) {
                      rule.anyHost();
                    } else {
                      options.corsOrigins().forEach(origin -> rule.allowHost(origin));
                    }
                  }));
    }
  }

  /**
   * Starts to listen.
   *
   * @return the port it listens on
   */
  public int start() {
    return app.start().port();
  }

  /** Requests that are being answered, for a gauge. */
  public int inProgress() {
    return jetty.inProgress();
  }

  /** Requests that have come and have no thread yet. */
  int waiting() {
    return jetty.waiting();
  }

  /** Ends after the requests in progress have been answered, or the time to drain is over. */
  @Override
  public void close() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      boolean unused =
          preStopOver.await(options.timeouts().preStop().toNanos(), TimeUnit.NANOSECONDS);
      jetty.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    app.stop();
  }

  /** Lets a server that is closed stop to listen without waiting any longer; for tests. */
  void endPreStop() {
    preStopOver.countDown();
  }

  private void receive(Context context) {
    Call call = new Call(RequestIds.choose(context), System.nanoTime(), body, listener);
    call.keep(context);
    context.header(RequestIds.HEADER, call.id());
    listener.came(context, call.id());
    if (draining) {
      context.header("Connection", "close");
      if (context.path().equals(READY)) {
        throw Problem.unavailable("The server is stopping");
      }
    }
    HttpServletRequest request = context.req();
    origins.check(request.getMethod(), request.getHeader("Host"), request.getHeader("Origin"));
    if (waiting() > options.capacity().queued()) {
      context.header("Retry-After", "1");
      throw Problem.unavailable(
          "More than %d requests are waiting; try again".formatted(options.capacity().queued()));
    }
  }

  private void tell(Context context) {
    if (draining && !context.res().isCommitted()) {
      // The request came before that; what follows on its connection is not taken.
      context.header("Connection", "close");
    }
    @Nullable Call call = Call.find(context);
    if (call != null) {
      listener.resumed(context);
      String template = context.endpointHandlerPath();
      HandlerType method = context.method();
      listener.answered(
          template.startsWith("/") ? template : RequestListener.UNMATCHED,
          method.isHttpMethod() ? method.name() : "other",
          context.statusCode(),
          System.nanoTime() - call.started());
    }
  }
}
