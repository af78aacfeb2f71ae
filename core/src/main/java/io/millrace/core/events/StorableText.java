package io.millrace.core.events;

/** Text as every stage can hold it. */
public final class StorableText {
  private StorableText() {}

  /** Whether PostgreSQL can store the text: no NUL character, no half of a surrogate pair. */
  public static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == 0) {
        return false;
      }
      if (Character.isSurrogate(character)) {
        if (i + 1 == text.length() || !Character.isSurrogatePair(character, text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
