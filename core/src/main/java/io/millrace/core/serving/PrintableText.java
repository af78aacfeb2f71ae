package io.millrace.core.serving;

import org.jspecify.annotations.Nullable;

/**
 * Text of a file or of another server, for a message: it never brings bytes of a model file, line
 * ends or control characters into a log or an answer. Characters that do not print are written as
 * {@code \}{@code u001b}, and what is long is cut.
 */
public final class PrintableText {
  /** Characters of a name or a value that a message shows at most. */
  public static final int SHORT = 80;

  /** Characters of a whole reason at most. */
  public static final int LONG = 800;

  private static final int REPLACEMENT = 0xfffd;

  private PrintableText() {}

  /** A name or a value, cut to {@value #SHORT} characters. */
  public static String of(@Nullable Object value) {
    return of(String.valueOf(value), SHORT);
  }

  /** A whole sentence, cut to {@value #LONG} characters. */
  public static String reason(@Nullable String text) {
    return of(String.valueOf(text), LONG);
  }

  /**
   * The text with escapes, one character shorter than it was for each that does not fit.
   *
   * @param most characters of the result, without the {@code …} that stands for what was cut
   */
  public static String of(String text, int most) {
    StringBuilder printable = new StringBuilder(Math.min(text.length(), most) + 16);
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      String shown = prints(character) ? Character.toString(character) : escaped(character);
      if (printable.length() + shown.length() > most) {
        return printable.append('…').toString();
      }
      printable.append(shown);
      at += Character.charCount(character);
    }
    return printable.toString();
  }

  private static boolean prints(int character) {
    if (character == REPLACEMENT) {
      return false;
    }
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static String escaped(int character) {
    return character > 0xffff ? "\\u{%x}".formatted(character) : "\\u%04x".formatted(character);
  }
}
