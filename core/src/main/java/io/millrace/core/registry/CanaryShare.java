package io.millrace.core.registry;

import io.millrace.core.serving.PrintableText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of its users that a model's canary serves: 0 to 1.
 *
 * <p>It is the model's tag {@code canary_share.VERSION}. Because it names the version, it can be
 * written before the alias moves: the move puts both in force at once. A tag {@code canary_share},
 * which earlier releases wrote, holds for a canary that has no tag of its own.
 */
public final class CanaryShare {
  /** The share of a canary about which no tag says anything. */
  public static final double DEFAULT = 0.1;

  private static final String TAG = "canary_share";

  private CanaryShare() {}

  /** Whether a number is a part of the users: 0 to 1, and not NaN. */
  public static boolean isValid(double number) {
    return number >= 0 && number <= 1;
  }

  /**
   * The share of the canary of a model.
   *
   * @throws IllegalArgumentException if its tag is not a number from 0 to 1
   */
  public static double of(RegisteredModel model) {
    @Nullable String problem = problem(model);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    @Nullable String text = model.tags().get(key(model));
    return text == null ? DEFAULT : number(text);
  }

  /** What is wrong with the tag; null if nothing is. */
  public static @Nullable String problem(RegisteredModel model) {
    @Nullable String text = text(model);
    return text == null || isValid(number(text))
        ? null
        : "Tag %s of model '%s' must be a number from 0 to 1, but is '%s': the canary serves nobody until you set it, with millrace models canary %s --share 0.1"
            .formatted(key(model), model.name(), PrintableText.of(text), model.name());
  }

  /** What the tag says, right or wrong; null if there is none. */
  public static @Nullable String text(RegisteredModel model) {
    return model.tags().get(key(model));
  }

  /** The tag that decides about a model's canary. */
  private static String key(RegisteredModel model) {
    @Nullable String canary = model.aliases().get(Aliases.CANARY);
    return canary != null && model.tags().containsKey(key(canary)) ? key(canary) : TAG;
  }

  /** The tag of a version that is or may become the canary. */
  static String key(String version) {
    return TAG + "." + version;
  }

  /** The tags of canaries that are no more. */
  static List<String> keysOfOthers(RegisteredModel model, @Nullable String canary) {
    return model.tags().keySet().stream()
        .filter(key -> key.startsWith(key("")))
        .filter(key -> canary == null || !key.equals(key(canary)))
        .sorted()
        .toList();
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
