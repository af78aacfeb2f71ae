package io.millrace.core.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** How a JSON text is to be read, as its first bytes tell. */
enum JsonStart {
  LINES,
  VALUES,
  /** More of the text is needed. */
  UNKNOWN;

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  /**
   * Looks at the beginning of a text.
   *
   * @param length bytes of it that are there
   * @param whole whether there are no more
   */
  static JsonStart of(byte[] head, int length, boolean whole) {
    JsonStart undecided = whole ? LINES : UNKNOWN;
    int first = afterBlanks(head, 0, length, true);
    if (first == length) {
      return undecided;
    }
    boolean array = head[first] == '[';
    int object = array ? afterBlanks(head, first + 1, length, true) : first;
    if (object == length) {
      return undecided;
    }
    if (array && head[object] == ']') {
      return VALUES;
    }
    if (head[object] != '{') {
      return LINES;
    }
    int end = end(head, object, length);
    if (end < 0) {
      return undecided;
    }
    if (array || hasLineBreak(head, object, end)) {
      return isJson(head, object, end) ? VALUES : LINES;
    }
    int next = afterBlanks(head, end, length, false);
    if (next == length) {
      return undecided;
    }
    return (head[next] == '{' || head[next] == '[') && isJson(head, object, end) ? VALUES : LINES;
  }

  private static int afterBlanks(byte[] head, int from, int length, boolean andLineBreaks) {
    int at = from;
    while (at < length
        && (head[at] == ' '
            || head[at] == '\t'
            || (andLineBreaks && (head[at] == '\n' || head[at] == '\r')))) {
      at++;
    }
    return at;
  }

  /** Behind the value that begins there, or -1 if it does not end. */
  private static int end(byte[] head, int from, int length) {
    JsonSpan span = new JsonSpan();
    for (int at = from; at < length; at++) {
      if (span.isEnd(head[at])) {
        return at + 1;
      }
    }
    return -1;
  }

  private static boolean hasLineBreak(byte[] head, int from, int to) {
    for (int at = from; at < to; at++) {
      if (head[at] == '\n') {
        return true;
      }
    }
    return false;
  }

  private static boolean isJson(byte[] head, int from, int to) {
    try (JsonParser parser = JSON.createParser(head, from, to - from)) {
      while (parser.nextToken() != null) {
        // Up to its end, or to what is wrong with it.
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
