package io.millrace.serving.http;

import io.javalin.http.Context;
import io.millrace.core.input.GzipMembers;
import io.millrace.core.input.UnreadableInputException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of requests: no more bytes than allowed, chunked or packed as they may be, and
 * no longer than allowed. Most have arrived with the head and cost one copy; at most half of the
 * server's threads wait for others. A packed body is read whole or refused, as {@link GzipMembers}
 * are.
 */
public final class RequestBody {
  private static final String JSON = "application/json";
  private static final int FIRST_BUFFER = 4_096;

  private final long limit;
  private final long nanos;
  private final Semaphore waiting;

  RequestBody(HttpOptions options) {
    this.limit = Math.min(options.limits().bodyBytes(), Integer.MAX_VALUE - 64);
    this.nanos = options.timeouts().body().toNanos();
    this.waiting = new Semaphore(options.capacity().threads() / 2);
  }

  /**
   * The request's body.
   *
   * @throws Problem 400 if it ends before its end, 408 if it takes too long, 413 if it is too long,
   *     415 if it says that it is no JSON, 503 if too many others are slow
   */
  public static byte[] of(Context context) {
    return Call.of(context).body().read(context);
  }

  private byte[] read(Context context) {
    HttpServletRequest request = context.req();
    long length = request.getContentLengthLong();
    if (length == 0) {
      return new byte[0];
    }
    requireJson(request.getContentType());
    boolean packed = isPacked(request.getHeader("Content-Encoding"));
    if (length > limit) {
      throw tooLarge(context);
    }
    try {
      InputStream in = request.getInputStream();
      if (!packed && length > 0 && in.available() >= length) {
        return in.readNBytes((int) length);
      }
      return readSlowly(context, in, packed, (int) length);
    } catch (BadMessageException e) {
      throw hungUp(context, e.getCode(), "Bad body", "The body is no HTTP: " + e.getReason());
    } catch (UnreadableInputException e) {
      throw new Problem(
          400,
          "Bad body",
          "The body is not the gzip that its Content-Encoding says: " + e.reason());
    } catch (IOException e) {
      throw e.getCause() instanceof TimeoutException
          ? tooSlow(context)
          : hungUp(context, 400, "Bad body", "The body ends before its end");
    }
  }

  private byte[] readSlowly(Context context, InputStream in, boolean packed, int length)
      throws IOException {
    if (!waiting.tryAcquire()) {
      context.header("Retry-After", "1");
      throw Problem.unavailable("Too many clients send their requests slowly; try again");
    }
    try {
      long deadline = System.nanoTime() + nanos;
      if (!packed) {
        return readAll(context, in, length, deadline);
      }
      try (InputStream plain = new GzipMembers(new Bounded(context, in, deadline), FIRST_BUFFER)) {
        return readAll(context, plain, -1, deadline);
      }
    } finally {
      waiting.release();
    }
  }

  /** What arrives of a packed body: it can go on for ever, and unpack to nothing. */
  private final class Bounded extends FilterInputStream {
    private final Context context;
    private final long deadline;
    private long count;

    Bounded(Context context, InputStream in, long deadline) {
      super(in);
      this.context = context;
      this.deadline = deadline;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int read = super.read(target, from, length);
      count += Math.max(0, read);
      if (count > limit) {
        throw tooLarge(context);
      }
      if (System.nanoTime() - deadline > 0) {
        throw tooSlow(context);
      }
      return read;
    }
  }

  private byte[] readAll(Context context, InputStream in, int length, long deadline)
      throws IOException {
    byte[] bytes = new byte[length > 0 ? Math.min(length, 1 << 20) : FIRST_BUFFER];
    int count = 0;
    for (int read = in.read(bytes, 0, bytes.length);
        read >= 0;
        read = in.read(bytes, count, bytes.length - count)) {
      count += read;
      if (count > limit) {
        throw tooLarge(context);
      }
      if (count == length) {
        break;
      }
      if (System.nanoTime() - deadline > 0) {
        throw tooSlow(context);
      }
      if (count == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(2L * count, limit + 1));
      }
    }
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
  }

  /** A request that says nothing is taken at its word: it must turn out to be JSON. */
  private static void requireJson(@Nullable String type) {
    if (type == null) {
      return;
    }
    String said = type.toLowerCase(Locale.ROOT);
    if (!said.startsWith(JSON)
        || (said.length() > JSON.length() && said.charAt(JSON.length()) != ';')) {
      throw new Problem(
          415,
          "Unsupported media type",
          "The body must be JSON: send Content-Type: application/json, or none");
    }
  }

  private static boolean isPacked(@Nullable String encoding) {
    if (encoding == null || encoding.equalsIgnoreCase("identity")) {
      return false;
    }
    if (encoding.equalsIgnoreCase("gzip")) {
      return true;
    }
    throw new Problem(
        415, "Unsupported content encoding", "The body may be plain or gzip, and nothing else");
  }

  private Problem tooLarge(Context context) {
    return hungUp(
        context,
        413,
        "Too large",
        "The body is longer than %d bytes, the most that is taken: send several".formatted(limit));
  }

  private Problem tooSlow(Context context) {
    return hungUp(
        context,
        408,
        "Too slow",
        "The body did not arrive within %d ms".formatted(nanos / 1_000_000));
  }

  /**
   * Lets this be the connection's last answer, for what comes next on it can be anything; it is
   * closed after a while in which the client can read the answer, however much it still sends.
   */
  private Problem hungUp(Context context, int status, String title, String detail) {
    context.header("Connection", "close");
    var unused =
        JettyParts.closeAfter(
            Duration.ofNanos(nanos), Request.getBaseRequest(context.req()).getHttpChannel());
    return new Problem(status, title, detail);
  }
}
