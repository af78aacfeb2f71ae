package io.millrace.core.input;

/**
 * Finds where a JSON object or array ends, by its brackets and quotes alone. Feed it the bytes one
 * after the other, from the opening bracket on.
 */
final class JsonSpan {
  private int depth;
  private boolean inText;
  private boolean escaped;

  /** Takes the next byte; true if it closes the value. */
  boolean isEnd(byte next) {
    if (inText) {
      if (escaped) {
        escaped = false;
      } else if (next == '\\') {
        escaped = true;
      } else if (next == '"') {
        inText = false;
      }
      return false;
    }
    switch (next) {
      case '"' -> inText = true;
      case '{', '[' -> depth++;
      case '}', ']' -> depth--;
      default -> {
        // Numbers, literals, commas, colons and blanks.
      }
    }
    return depth == 0;
  }

  /** Makes it ready for another value. */
  void clear() {
    depth = 0;
    inText = false;
    escaped = false;
  }
}
