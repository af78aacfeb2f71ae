package io.millrace.core.events;

/**
 * Text that every stage can store and write as JSON in UTF-8: no NUL character, which PostgreSQL
 * refuses, and no half of a surrogate pair, which has no form in UTF-8.
 */
public final class StorableText {
  private static final char REPLACEMENT = '\uFFFD';

  private StorableText() {}

  /** Whether the text can be stored as it is. */
  public static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == 0) {
        return false;
      }
      if (Character.isSurrogate(character)) {
        if (!isPair(text, i)) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /**
   * The text with U+FFFD in place of each character that cannot be stored, for messages about it.
   *
   * @param maxLength of a longer text only so many characters are kept, and no half of a pair
   */
  public static String of(String text, int maxLength) {
    String kept = text.length() <= maxLength ? text : cut(text, maxLength);
    if (isStorable(kept)) {
      return kept;
    }
    StringBuilder storable = new StringBuilder(kept);
    for (int i = 0; i < kept.length(); i++) {
      if (isPair(kept, i)) {
        i++;
      } else if (kept.charAt(i) == 0 || Character.isSurrogate(kept.charAt(i))) {
        storable.setCharAt(i, REPLACEMENT);
      }
    }
    return storable.toString();
  }

  /** The text with U+FFFD in place of each character that cannot be stored. */
  public static String of(String text) {
    return of(text, Integer.MAX_VALUE);
  }

  private static String cut(String text, int maxLength) {
    int end = maxLength > 0 && isPair(text, maxLength - 1) ? maxLength - 1 : maxLength;
    return text.substring(0, end);
  }

  private static boolean isPair(String text, int at) {
    return at + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
  }
}
