package io.millrace.core.registry;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes a registry, one change at a time. Each change is idempotent. It knows no rules:
 * those are {@link ModelRegistry}'s.
 *
 * <p>Every method throws a {@link RegistryUnavailableException} if the registry gives no answer,
 * and a {@link RegistryRefusedException} if it refuses the request.
 */
public interface RegistryStore {

  /** A registered model, if there is one of this name. */
  Optional<RegisteredModel> model(String name);

  /** A version, if there is one. */
  Optional<ModelVersion> findVersion(String name, String version);

  /** All versions of a model, in the order of their numbers; empty if there is no such model. */
  List<ModelVersion> versions(String name);

  /**
   * Points an alias at a version: one move, seen by all at once.
   *
   * @param version null removes the alias, which may not exist
   */
  void setAlias(String name, String alias, @Nullable String version);

  /**
   * Sets a tag of a model.
   *
   * @param value null removes the tag, which may not exist
   */
  void setModelTag(String name, String key, @Nullable String value);

  /**
   * Sets a tag of a version.
   *
   * @param value null removes the tag, which may not exist
   */
  void setVersionTag(String name, String version, String key, @Nullable String value);
}
