package io.millrace.core.registry;

import java.util.Map;

/** A registered model: the version behind each of its aliases, and its tags. */
public record RegisteredModel(String name, Map<String, String> aliases, Map<String, String> tags) {
  public RegisteredModel {
    aliases = Map.copyOf(aliases);
    tags = Map.copyOf(tags);
  }
}
