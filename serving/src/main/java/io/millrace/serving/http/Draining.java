package io.millrace.serving.http;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Ends the connections of a server that stops. One on which a request has begun to come is waited
 * for, whether the request or its answer is slow; any other is closed once it has been quiet for a
 * moment, however late it was opened.
 *
 * <p>Jetty's own shutdown shortens the idle timeout of the connections that it finds. That cuts off
 * a request in which the client pauses for that long, and leaves a connection open that is accepted
 * at that very time: it is then waited for until the time to drain is over.
 */
final class Draining {
  /** A connection is quiet if nothing has come or gone for so long. */
  private static final long QUIET_MILLIS = 50;

  private static final long LOOK_MILLIS = 20;

  private final ServerConnector connector;

  Draining(ServerConnector connector) {
    this.connector = connector;
  }

  /**
   * Stops to listen and waits until all connections have ended.
   *
   * @return how many are left when the time is over
   */
  int run(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    // Jetty waits for its connections and closes none of them itself.
    connector.setShutdownIdleTimeout(connector.getIdleTimeout());
    Future<Void> ended = connector.shutdown();
    while (!isDone(ended) || !connector.getConnectedEndPoints().isEmpty()) {
      if (System.nanoTime() - end > 0) {
        break;
      }
      connector.getConnectedEndPoints().forEach(Draining::closeIfQuiet);
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return connector.getConnectedEndPoints().size();
  }

  private static boolean isDone(Future<Void> ended) throws InterruptedException {
    try {
      Void unused = ended.get(0, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("The server cannot drain", e.getCause());
    }
  }

  /**
   * Takes the connection's interest in what comes next, so that no request begins, and lets Jetty
   * close it as one that was idle: first its own side, and the whole of it at the next look.
   */
  private static void closeIfQuiet(EndPoint endPoint) {
    if (endPoint instanceof AbstractEndPoint transport && transport.getIdleFor() >= QUIET_MILLIS) {
      AbstractEndPoint http =
          transport.getConnection() instanceof SslConnection ssl
              ? ssl.getDecryptedEndPoint()
              : transport;
      if (isBetweenRequests(http.getConnection())) {
        boolean unused = http.getFillInterest().onFail(new EofException("The server is stopping"));
      }
    }
  }

  /** Whether no request has begun to come, and the answer to the last one has gone. */
  private static boolean isBetweenRequests(Connection connection) {
    return connection instanceof HttpConnection http
        && (http.getParser().isStart() || http.getParser().isTerminated())
        && http.isRequestBufferEmpty()
        && http.getHttpChannel().getState().isIdle();
  }
}
