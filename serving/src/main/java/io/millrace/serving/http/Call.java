package io.millrace.serving.http;

import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/**
 * What the server keeps of a request while it is answered.
 *
 * @param id goes into the answer, the log and the record of predictions
 * @param started {@code System.nanoTime()} when its head had been read
 * @param body reads its body
 * @param listener is told of it
 */
record Call(String id, long started, RequestBody body, RequestListener listener) {
  private static final String ATTRIBUTE = "millrace.call";

  void keep(Context context) {
    context.req().setAttribute(ATTRIBUTE, this);
  }

  static @Nullable Call find(Context context) {
    return (Call) context.req().getAttribute(ATTRIBUTE);
  }

  static Call of(Context context) {
    Call call = find(context);
    if (call == null) {
      throw new IllegalStateException("The request has not come through ServingServer");
    }
    return call;
  }
}
