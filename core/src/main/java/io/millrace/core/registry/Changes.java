package io.millrace.core.registry;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one model that belong together: if one of them fails, those before it are undone. A
 * registry has no transactions, and a request that failed may have been carried out: it is undone
 * too.
 */
final class Changes {
  private final RegistryStore store;
  private final RegisteredModel model;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  /** None yet. */
  Changes(RegistryStore store, RegisteredModel model) {
    this.store = store;
    this.model = model;
  }

  /** Points an alias at a version, unless it does already. */
  void alias(String alias, @Nullable String version) {
    @Nullable String before = model.aliases().get(alias);
    if (version == null ? before != null : !version.equals(before)) {
      undo.push(() -> store.setAlias(model.name(), alias, before));
      store.setAlias(model.name(), alias, version);
    }
  }

  void modelTag(String key, @Nullable String value) {
    @Nullable String before = model.tags().get(key);
    undo.push(() -> store.setModelTag(model.name(), key, before));
    store.setModelTag(model.name(), key, value);
  }

  /** Sets a tag that the version did not have. */
  void newVersionTag(String version, String key, String value) {
    undo.push(() -> store.setVersionTag(model.name(), version, key, null));
    store.setVersionTag(model.name(), version, key, value);
  }

  /**
   * Makes all changes, or none.
   *
   * @throws RegistryUnavailableException if they could be neither made nor undone
   */
  void allOrNone(Runnable changes) {
    try {
      changes.run();
    } catch (RegistryException e) {
      undo(e);
      throw e;
    }
  }

  private void undo(RegistryException failure) {
    try {
      while (!undo.isEmpty()) {
        undo.pop().run();
      }
    } catch (RegistryException e) {
      RegistryUnavailableException half =
          new RegistryUnavailableException(
              "%s. What had been changed of model '%s' could not be undone: repeat the command once the registry answers"
                  .formatted(failure.getMessage(), model.name()),
              failure);
      half.addSuppressed(e);
      throw half;
    }
  }
}
