package io.millrace.serving.http;

import io.javalin.http.Context;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The id of a request: the client's own {@code X-Request-Id} if it is a sensible one, or ours. */
public final class RequestIds {
  /** The header, of requests and of answers. */
  public static final String HEADER = "X-Request-Id";

  private static final int MAX = 128;
  private static final boolean[] SENSIBLE = sensible();

  private RequestIds() {}

  /** The id of a request that has just come. */
  static String choose(Context context) {
    @Nullable String given = context.req().getHeader(HEADER);
    return given != null && isSensible(given) ? given : made();
  }

  /** The id that the request has, in the answer too. */
  public static String of(Context context) {
    @Nullable Call call = Call.find(context);
    return call == null ? "" : call.id();
  }

  private static String made() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return Long.toHexString(random.nextLong() | Long.MIN_VALUE)
        + Long.toHexString(random.nextLong() | Long.MIN_VALUE);
  }

  /** It goes into headers, logs and messages as it is. */
  private static boolean isSensible(String id) {
    if (id.isEmpty() || id.length() > MAX) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) >= SENSIBLE.length || !SENSIBLE[id.charAt(i)]) {
        return false;
      }
    }
    return true;
  }

  private static boolean[] sensible() {
    boolean[] sensible = new boolean[128];
    String all = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";
    all.chars().forEach(c -> sensible[c] = true);
    return sensible;
  }
}
