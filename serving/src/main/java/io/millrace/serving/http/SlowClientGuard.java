package io.millrace.serving.http;

import java.time.Duration;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Cuts off a client that takes too long to read a long answer, however steadily it does. Short ones
 * are not watched: the system takes them whole, whether the client reads or not.
 *
 * <p>Jetty's own least rate is of no use for short answers: it counts the time in which the server
 * itself had no processor, and cut off clients of a busy machine that had read everything.
 */
final class SlowClientGuard implements HttpChannel.Listener {
  private static final String ATTRIBUTE = "millrace.answer-deadline";

  /** What is collected before it is sent (Jetty's commit size): an answer of less is sent whole. */
  private static final long SHORT_BYTES = 8_192;

  private final Duration limit;

  SlowClientGuard(Duration limit) {
    this.limit = limit;
  }

  @Override
  public void onResponseBegin(Request request) {
    if (request.getResponse().getHttpOutput().getWritten() < SHORT_BYTES) {
      return;
    }
    request.setAttribute(ATTRIBUTE, JettyParts.closeAfter(limit, request.getHttpChannel()));
  }

  @Override
  public void onComplete(Request request) {
    Scheduler.@Nullable Task deadline = (Scheduler.Task) request.getAttribute(ATTRIBUTE);
    if (deadline != null) {
      boolean unused = deadline.cancel();
    }
  }
}
