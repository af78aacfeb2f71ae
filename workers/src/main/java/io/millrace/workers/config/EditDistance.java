package io.millrace.workers.config;

import java.util.Collection;
import java.util.Comparator;

/** Levenshtein's distance: how many characters to insert, delete or replace. */
final class EditDistance {

  private EditDistance() {}

  static String nearest(String word, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> between(word, candidate)))
        .orElseThrow();
  }

  static int between(String left, String right) {
    int[] previous = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int[] row = new int[right.length() + 1];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[right.length()];
  }
}
