package io.millrace.workers.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many typing errors lie between two words: characters that are inserted, deleted, replaced or
 * exchanged with their neighbour.
 */
public final class EditDistance {

  private EditDistance() {}

  static String nearest(String word, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> between(word, candidate)))
        .orElseThrow();
  }

  /**
   * The name that a person most probably meant: the nearest of those that differ by at most a third
   * of their characters, or else the only one that begins with what was typed. Case and the
   * characters {@code - _ . /} and blank do not count.
   */
  public static Optional<String> meant(String typed, Collection<String> candidates) {
    String word = plain(typed);
    if (word.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> near =
        candidates.stream()
            .filter(candidate -> between(word, plain(candidate)) <= Math.max(1, word.length() / 3))
            .min(
                Comparator.comparingInt((String candidate) -> between(word, plain(candidate)))
                    .thenComparing(Comparator.naturalOrder()));
    return near.or(() -> only(candidates.stream().filter(name -> plain(name).startsWith(word))));
  }

  private static Optional<String> only(Stream<String> names) {
    var found = names.limit(2).toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_./ ]", "");
  }

  static int between(String left, String right) {
    int[][] rows = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      rows[i][0] = i;
    }
    for (int j = 0; j <= right.length(); j++) {
      rows[0][j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      for (int j = 1; j <= right.length(); j++) {
        int replaced = rows[i - 1][j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        rows[i][j] = Math.min(replaced, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
        if (areExchanged(left, right, i, j)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[left.length()][right.length()];
  }

  private static boolean areExchanged(String left, String right, int i, int j) {
    return i > 1
        && j > 1
        && left.charAt(i - 1) == right.charAt(j - 2)
        && left.charAt(i - 2) == right.charAt(j - 1);
  }
}
