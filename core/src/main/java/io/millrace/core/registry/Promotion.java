package io.millrace.core.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion or a rollback has done.
 *
 * @param from the champion before; null if there was none
 * @param to the champion now
 * @param aliases that point at it now, because of this change or since before
 */
public record Promotion(String model, @Nullable String from, String to, List<String> aliases) {
  public Promotion {
    aliases = List.copyOf(aliases);
  }
}
