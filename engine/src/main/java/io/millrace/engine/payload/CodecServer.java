package io.millrace.engine.payload;

import com.sun.net.httpserver.HttpServer;
import io.temporal.payload.codec.PayloadCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Temporal's remote codec: shows the Web UI and the Temporal CLI what payloads hold.
 *
 * <p>{@code POST /decode} and {@code POST /encode} take and give {@code Payloads} as JSON. Whoever
 * can reach it can read every payload whose key or blob it has, so it listens on the loopback
 * interface by default, answers browsers only for pages of the origins given, and serves one
 * namespace. Put it behind a proxy that authenticates before opening it to a network.
 *
 * <p>A payload that cannot be decoded, or is too large to be shown, is replaced by a JSON object
 * that says why, so that the others of the same event are still seen.
 */
public final class CodecServer implements AutoCloseable {

  private static final int THREADS = 4;
  private static final int WAITING = 64;
  private static final Duration READ = Duration.ofSeconds(20);
  private static final Duration WRITE = Duration.ofSeconds(60);

  private final HttpServer server;
  private final ExecutorService executor;

  private CodecServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * Where and for whom it works.
   *
   * @param address to listen at; port 0 takes a free one
   * @param origins of the pages that may ask, as browsers send them: {@code http://127.0.0.1:8233}
   * @param namespace the one that it serves
   * @param maxBody bytes of a request
   * @param maxShown bytes of one decoded payload
   */
  public record Options(
      InetSocketAddress address, Set<String> origins, String namespace, int maxBody, int maxShown) {

    /** On the loopback interface; requests to 16 MB, payloads to 4 MB. */
    public static Options local(int port, Set<String> origins, String namespace) {
      return new Options(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
          origins,
          namespace,
          16 << 20,
          4 << 20);
    }
  }

  /**
   * Starts it.
   *
   * @throws IOException if the address cannot be listened at
   */
  public static CodecServer start(Options options, PayloadCodec codec) throws IOException {
    // The JDK's server waits for ever for a slow client unless this is set before its first use.
    limit("sun.net.httpserver.maxReqTime", READ);
    limit("sun.net.httpserver.maxRspTime", WRITE);
    HttpServer server = HttpServer.create(options.address(), WAITING);
    ExecutorService executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            CodecServer::thread,
            new ThreadPoolExecutor.CallerRunsPolicy());
    server.setExecutor(executor);
    server.createContext("/", new CodecHandler(options, codec));
    server.start();
    return new CodecServer(server, executor);
  }

  /** What to give as the codec endpoint. */
  public URI address() {
    InetSocketAddress bound = server.getAddress();
    return URI.create(
        "http://%s:%d".formatted(bound.getAddress().getHostAddress(), bound.getPort()));
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "codec-server");
    thread.setDaemon(true);
    return thread;
  }

  private static void limit(String property, Duration limit) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Long.toString(limit.toSeconds()));
    }
  }
}
