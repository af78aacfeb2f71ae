package io.millrace.serving.http;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.millrace.serving.models.UnknownModelException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: what all paths share. Errors are problem+json, and none shows a stack trace. */
public final class ServingServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServingServer.class);

  private final Javalin app;

  /** Serves the routes once it is started. */
  public ServingServer(Limits limits, List<Routes> routes) {
    app =
        Javalin.create(
                config -> {
                  config.showJavalinBanner = false;
                  config.http.maxRequestSize = limits.bodyBytes();
                })
            .before(RequestIds::assign)
            .exception(Problem.class, (problem, context) -> Answers.problem(context, problem))
            .exception(UnknownModelException.class, ServingServer::unknownModel)
            .exception(HttpResponseException.class, ServingServer::refuse)
            .exception(Exception.class, ServingServer::fail)
            .error(404, ServingServer::notFound);
    routes.forEach(route -> route.addTo(app));
  }

  /**
   * Starts to listen.
   *
   * @param host the address to bind, for example {@code 127.0.0.1}
   * @param port the port, or 0 for any free one
   * @return the port it listens on
   */
  public int start(String host, int port) {
    return app.start(host, port).port();
  }

  /** Ends after the requests in progress have been answered. */
  @Override
  public void close() {
    app.stop();
  }

  private static void unknownModel(UnknownModelException unknown, Context context) {
    Answers.problem(context, Problem.notFound(String.valueOf(unknown.getMessage())));
  }

  /** What Javalin itself refuses: a body that is too long, a method that a path does not have. */
  private static void refuse(HttpResponseException refusal, Context context) {
    String reason = String.valueOf(refusal.getMessage());
    Answers.problem(context, new Problem(refusal.getStatus(), reason, reason));
  }

  private static void fail(Exception failure, Context context) {
    log.error(
        "request failed method={} path={} id={}",
        context.method(),
        context.path(),
        RequestIds.of(context),
        failure);
    Answers.problem(
        context,
        new Problem(
            500,
            "Internal error",
            "The request could not be answered; the log has it under id "
                + RequestIds.of(context)));
  }

  private static void notFound(Context context) {
    if (context.res().getContentType() == null
        || !context.res().getContentType().startsWith("application/")) {
      Answers.problem(context, Problem.notFound("There is no " + context.path()));
    }
  }
}
