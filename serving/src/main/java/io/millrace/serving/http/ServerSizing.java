package io.millrace.serving.http;

/**
 * How much the server takes on at once.
 *
 * @param threads threads that answer requests
 * @param queued requests that may wait for a thread; what comes beyond is answered 503
 * @param connections open connections; further ones wait unaccepted in the system's backlog
 * @param headerBytes longest head of a request; 431 beyond
 */
public record ServerSizing(int threads, int queued, int connections, int headerBytes) {
  private static final int FEWEST_THREADS = 8;

  public ServerSizing {
    if (threads < FEWEST_THREADS || queued < 1 || connections < 1 || headerBytes < 1_024) {
      throw new IllegalArgumentException(
          "The server needs at least %d threads, 1 queued, 1 connection and headers of 1024 bytes, not %d, %d, %d, %d"
              .formatted(FEWEST_THREADS, threads, queued, connections, headerBytes));
    }
  }

  /**
   * What holds if nothing is said. Scoring keeps a processor busy, so few threads are enough; the
   * longest queue is a tenth of a second of work at full speed.
   */
  public static ServerSizing ofThisMachine() {
    int threads = Math.max(16, 8 * Runtime.getRuntime().availableProcessors());
    return new ServerSizing(threads, 4_096, 8_192, 16 << 10);
  }
}
