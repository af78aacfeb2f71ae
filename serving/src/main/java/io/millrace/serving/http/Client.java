package io.millrace.serving.http;

import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** Who sent a request, for an audit record. */
public final class Client {
  private static final String KEY = "millrace.key";

  private Client() {}

  static void hasKey(Context context, String name) {
    context.attribute(KEY, name);
  }

  /** The name of the key, or the address if no key is needed. */
  public static String of(Context context) {
    @Nullable String key = context.attribute(KEY);
    return key == null ? "HTTP client " + context.req().getRemoteAddr() : "HTTP key " + key;
  }
}
