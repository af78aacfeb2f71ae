package io.millrace.serving.http;

import com.fasterxml.jackson.core.JsonGenerator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.jspecify.annotations.Nullable;

/** Says as a problem what Jetty refuses before any route, such as a head that is too long. */
final class ProblemErrors extends ErrorHandler {
  private final RequestListener listener;

  ProblemErrors(RequestListener listener) {
    this.listener = listener;
  }

  @Override
  public void handle(
      String target, Request base, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    int status = response.getStatus();
    base.setHandled(true);
    if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
      response.setHeader("Retry-After", "1");
    }
    response.setContentType(JsonResponses.PROBLEM);
    response.getOutputStream().write(problem(status, null));
    listener.answered(RequestListener.UNMATCHED, "other", status, 0);
  }

  @Override
  public ByteBuffer badMessageError(
      int status, @Nullable String reason, HttpFields.Mutable fields) {
    fields.put(HttpHeader.CONTENT_TYPE, JsonResponses.PROBLEM);
    listener.answered(RequestListener.UNMATCHED, "other", status, 0);
    return ByteBuffer.wrap(problem(status, reason));
  }

  private static byte[] problem(int status, @Nullable String reason) {
    String title = HttpStatus.getMessage(status);
    String detail = reason == null ? title : reason;
    return JsonResponses.bytes(
        (JsonGenerator json) -> JsonResponses.write(json, new Problem(status, title, detail)));
  }
}
