package io.millrace.engine.notify;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message for people. Holds no secret: it may lie in a history.
 *
 * @param level how bad it is
 * @param title one line
 * @param text the rest, in plain text; may be empty
 * @param fields further facts by name, in their order
 * @param link where to read more, or null
 * @param at when it happened
 */
public record Notification(
    Level level,
    String title,
    String text,
    Map<String, String> fields,
    @Nullable String link,
    Instant at) {

  /** How bad something is. */
  public enum Level {
    INFO,
    WARNING,
    ERROR
  }

  public Notification {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** One without fields and link. */
  public static Notification of(Level level, String title, String text, Instant at) {
    return new Notification(level, title, text, Map.of(), null, at);
  }

  /** The same with a link, unless it has one. */
  public Notification withLink(@Nullable String address) {
    return link != null || address == null
        ? this
        : new Notification(level, title, text, fields, address, at);
  }

  /** Text and fields as lines, for whoever shows plain text. */
  public String body() {
    StringBuilder body = new StringBuilder(text);
    fields.forEach(
        (name, value) ->
            body.append(body.isEmpty() ? "" : "\n").append(name).append(": ").append(value));
    if (link != null) {
      body.append(body.isEmpty() ? "" : "\n").append(link);
    }
    return body.toString();
  }
}
