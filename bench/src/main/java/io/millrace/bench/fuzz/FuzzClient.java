package io.millrace.bench.fuzz;

import io.millrace.bench.fuzz.FuzzConnection.Answer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sends requests one after the other, over one connection as long as the server keeps it. */
final class FuzzClient implements AutoCloseable {
  private static final int PIECES = 20;

  private final int port;
  private @Nullable FuzzConnection connection;

  FuzzClient(int port) {
    this.port = port;
  }

  /** Sends a request and reads its answer. */
  Answer send(FuzzCase request) throws IOException {
    if (request.fresh()) {
      try (FuzzConnection own = new FuzzConnection(port)) {
        return exchange(own, request);
      }
    }
    FuzzConnection before = connection;
    connection = null;
    if (before != null) {
      Answer answer = over(before, request);
      if (answer.status() != 0) {
        return answer;
      }
      // The server had closed it, as idle, before the request came.
    }
    return over(new FuzzConnection(port), request);
  }

  private Answer over(FuzzConnection kept, FuzzCase request) throws IOException {
    Answer answer = exchange(kept, request);
    if (kept.isLast()) {
      kept.close();
    } else {
      connection = kept;
    }
    return answer;
  }

  private static Answer exchange(FuzzConnection connection, FuzzCase request) throws IOException {
    try {
      connection.send(request.head());
      if (request.kind() == Kind.SLOW) {
        trickle(connection, request.sent());
      } else {
        connection.send(request.sent());
      }
      if (request.kind() == Kind.HALF_CLOSED) {
        connection.sendNoMore();
      }
    } catch (IOException e) {
      // The server may answer and close before it has read everything; the answer is still there.
    }
    return connection.read();
  }

  private static void trickle(FuzzConnection connection, byte[] bytes) throws IOException {
    long pause = 2 * FuzzTarget.SLOWEST_BODY.toMillis() / PIECES;
    for (int i = 0; i < PIECES; i++) {
      connection.send(new byte[] {bytes[i % bytes.length]});
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (connection != null) {
      connection.close();
    }
  }
}
