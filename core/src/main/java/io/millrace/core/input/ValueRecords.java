package io.millrace.core.input;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The values of a text, one after the other; of an array its elements. What stands between values
 * is a record, too, up to the end of its line.
 */
final class ValueRecords implements JsonRecords {
  private static final int END = -1;

  private final InputBuffer in;
  private final int limit;
  private final JsonSpan span = new JsonSpan();
  private final ByteArrayOutputStream record = new ByteArrayOutputStream();
  private boolean inArray;
  private long number;
  private long length;
  private long line = 1;

  ValueRecords(InputStream text, int limit) {
    this.in = new InputBuffer(text, 1 << 16);
    this.limit = limit;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    int first = afterBlanks();
    while (first == '[' && !inArray) {
      in.next();
      first = afterBlanks();
      inArray = first != ']';
      if (!inArray) {
        in.next();
        first = afterBlanks();
      }
    }
    if (first == END && !inArray) {
      return null;
    }
    begin();
    if (first == '{' || first == '[') {
      value();
    } else if (inArray) {
      scalar();
    } else {
      restOfLine();
    }
    if (inArray) {
      endElement();
    }
    return record.toByteArray();
  }

  private void begin() {
    number++;
    length = 0;
    record.reset();
    span.clear();
  }

  private void value() throws IOException {
    while (!span.isEnd((byte) take())) {
      // Up to the bracket that closes it.
    }
  }

  /** An element that is neither an object nor an array. */
  private void scalar() throws IOException {
    if (in.peek() == '"') {
      text();
      return;
    }
    for (int next = in.peek(); !isDelimiter(next); next = in.peek()) {
      take();
    }
    if (length == 0) {
      throw broken("an array breaks off or lacks an element");
    }
  }

  private void text() throws IOException {
    int last = take();
    for (int next = take(); next != '"' || last == '\\'; next = take()) {
      last = last == '\\' ? ' ' : next;
    }
  }

  private static boolean isDelimiter(int next) {
    return next == END || next == ',' || next == ']' || isBlank(next);
  }

  private void restOfLine() throws IOException {
    while (in.peek() != END && in.peek() != '\n') {
      take();
    }
  }

  private void endElement() throws IOException {
    int next = afterBlanks();
    if (next != ',' && next != ']') {
      throw broken("an array breaks off or has neither a comma nor its end");
    }
    in.next();
    inArray = next == ',';
  }

  /** The next byte, which becomes part of the record as far as there is room. */
  private int take() throws IOException {
    int next = in.next();
    if (next == END) {
      throw broken("the text ends inside of it");
    }
    countLine(next);
    length++;
    if (length <= limit + 1L) {
      record.write(next);
    }
    return next;
  }

  /** Goes over blanks and line breaks, and looks at what follows. */
  private int afterBlanks() throws IOException {
    int next = in.peek();
    while (isBlank(next)) {
      countLine(in.next());
      next = in.peek();
    }
    return next;
  }

  private void countLine(int next) {
    if (next == '\n') {
      line++;
    }
  }

  private static boolean isBlank(int next) {
    return next == ' ' || next == '\t' || next == '\n' || next == '\r';
  }

  private UnreadableInputException broken(String what) {
    return new UnreadableInputException(
        "the JSON text is broken in or after record %d, line %d: %s".formatted(number, line, what));
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean areLines() {
    return false;
  }
}
