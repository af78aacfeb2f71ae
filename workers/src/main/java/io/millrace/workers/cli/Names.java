package io.millrace.workers.cli;

import io.millrace.workers.config.EditDistance;
import io.millrace.workers.worker.Pipeline;
import java.util.Collection;
import java.util.List;

/**
 * What a command says of a name that does not exist.
 *
 * <p>The rule: every command that takes a name answers an unknown one with exit code 2, the kind
 * and the name, the nearest name that exists, and the names that exist or the command that lists
 * them.
 */
final class Names {
  private static final int MAX_SHOWN = 30;

  private Names() {}

  /**
   * The failure of an unknown name.
   *
   * @param kind what is named, for example {@code DAG}
   * @param known the names that exist; at most 30 are shown
   */
  static CommandFailure unknown(String kind, String name, Collection<String> known) {
    String shown = String.join(", ", known.stream().limit(MAX_SHOWN).toList());
    int more = known.size() - MAX_SHOWN;
    String all =
        known.isEmpty()
            ? "there are none"
            : "there are " + shown + (more > 0 ? " and " + more + " more" : "");
    return failure(kind, name, known, all);
  }

  /** The same where the names are too many to show: names the command that lists them. */
  static CommandFailure unknown(
      String kind, String name, Collection<String> known, String listedBy) {
    return failure(kind, name, known, "see `" + listedBy + "`");
  }

  private static CommandFailure failure(
      String kind, String name, Collection<String> known, String rest) {
    return CommandFailure.usage(
        "there is no %s '%s'".formatted(kind, name)
            + EditDistance.meant(name, known)
                .map(meant -> "; did you mean '%s'? %s".formatted(meant, capital(rest)))
                .orElse("; " + rest));
  }

  private static String capital(String sentence) {
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }

  /** Finds a DAG, or fails with the nearest and with those that exist. */
  static Pipeline dag(String name) {
    return Pipeline.named(name).orElseThrow(() -> unknown("DAG", name, dags()));
  }

  /** The names of all DAGs. */
  static List<String> dags() {
    return Pipeline.ALL.stream().map(Pipeline::name).toList();
  }
}
