package io.millrace.serving.http;

import io.javalin.config.JavalinConfig;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionLimit;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.eclipse.jetty.util.BlockingArrayQueue;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server under Javalin: threads, connections and how it speaks HTTP. */
final class JettyParts {
  /** Beside those that answer: one accepts, the others wait for what connections bring. */
  private static final int OTHER_THREADS = 4;

  /**
   * As many as Jetty would take: half of the processors, and one for sixteen threads at most. More
   * of them serve some connections and keep others waiting.
   */
  private static final int SELECTORS = -1;

  private static final int BACKLOG = 4_096;

  private static final int THREAD_IDLE_MILLIS = 60_000;

  private static final Logger log = LoggerFactory.getLogger(JettyParts.class);

  private final HttpOptions options;
  private final QueuedThreadPool threads;
  private volatile @Nullable StatisticsHandler requests;
  private volatile @Nullable ServerConnector connector;

  JettyParts(HttpOptions options) {
    this.options = options;
    ServerSizing capacity = options.capacity();
    // A connection has at most one task in the queue, so that it never runs over.
    this.threads =
        new QueuedThreadPool(
            capacity.threads() + OTHER_THREADS,
            OTHER_THREADS,
            THREAD_IDLE_MILLIS,
            new BlockingArrayQueue<>(64, 64, 2 * capacity.connections() + 64));
    threads.setName("http");
  }

  void configure(JavalinConfig config, RequestListener listener) {
    config.jetty.threadPool = threads;
    config.jetty.modifyServer(
        server -> {
          // What has not ended when the time to drain is over is cut off.
          server.setStopTimeout(0);
          // Javalin's own server brings one.
          requests = server.getChildHandlerByClass(StatisticsHandler.class);
          server.setErrorHandler(new ProblemErrors(listener));
          server.addBean(new ConnectionLimit(options.capacity().connections(), server));
        });
    config.jetty.addConnector(
        (server, http) -> {
          ServerConnector made = connector(server, http);
          connector = made;
          return made;
        });
  }

  /** Stops to listen and waits for the requests that have begun to come, for so long at most. */
  void drain() throws InterruptedException {
    ServerConnector listening = connector;
    if (listening == null) {
      return;
    }
    int left = new Draining(listening).run(options.timeouts().drain());
    if (left > 0) {
      log.warn(
          "not drained connections={} requests={} seconds={}",
          left,
          inProgress(),
          options.timeouts().drain().toSeconds());
    }
  }

  /** Closes a request's connection after a time, unless the task is cancelled. */
  static Scheduler.Task closeAfter(Duration time, HttpChannel channel) {
    EndPoint connection = channel.getEndPoint();
    return channel
        .getConnector()
        .getScheduler()
        .schedule(connection::close, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The threads that answer requests. */
  static Executor threads(HttpChannel channel) {
    return channel.getConnector().getExecutor();
  }

  /** Requests that have come and have no thread yet. */
  int waiting() {
    return threads.getQueueSize();
  }

  /** Requests that are being answered. */
  int inProgress() {
    StatisticsHandler counting = requests;
    return counting == null ? 0 : counting.getRequestsActive();
  }

  private ServerConnector connector(Server server, HttpConfiguration http) {
    http.setUriCompliance(UriCompliance.DEFAULT);
    http.setRequestHeaderSize(options.capacity().headerBytes());
    http.setSendServerVersion(false);
    // Jetty's default takes 100 KB of heap for each connection, and is no faster for it.
    http.setHeaderCacheSize(0);
    @Nullable Tls tls = options.tls();
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    ServerConnector connector =
        tls == null
            ? new ServerConnector(server, null, null, null, 1, SELECTORS, plain)
            : new ServerConnector(server, null, null, null, 1, SELECTORS, ssl(tls, http), plain);
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setReusePort(options.sharesPort());
    // Beyond these the system drops a client's first packet, and it tries again a second later.
    connector.setAcceptQueueSize(BACKLOG);
    connector.setIdleTimeout(options.timeouts().idle().toMillis());
    connector.addBean(new SlowClientGuard(options.timeouts().answer()));
    return connector;
  }

  private static SslConnectionFactory ssl(Tls tls, HttpConfiguration http) {
    SecureRequestCustomizer customizer = new SecureRequestCustomizer();
    // One certificate for whatever name or address a client comes by; clients check it.
    customizer.setSniHostCheck(false);
    http.addCustomizer(customizer);
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setKeyStoreType("PKCS12");
    context.setKeyStorePath(tls.keystore().toString());
    context.setKeyStorePassword(tls.password());
    return new SslConnectionFactory(context, "http/1.1");
  }
}
