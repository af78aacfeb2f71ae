package io.millrace.serving.models;

import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegistryUnavailableException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Versions that requests ask for by number, whether or not an alias points at them. The {@value
 * #MAX} used last are kept, as long as the registry has them.
 */
public final class PinnedVersions {
  /** The alias that answers of such versions name. */
  public static final String ALIAS = "pinned";

  private static final int MAX = 4;

  private final VersionLoader loader;
  private final Map<String, ServedVersion> kept =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ServedVersion> eldest) {
          return size() > MAX;
        }
      };

  public PinnedVersions(VersionLoader loader) {
    this.loader = loader;
  }

  /** A version that is in memory, because it serves or was asked for; null if it is not. */
  public @Nullable ServedVersion find(ActiveVersions live, String version) {
    for (ServedVersion one : live.versions().values()) {
      if (one.version().equals(version)) {
        return one;
      }
    }
    synchronized (kept) {
      return kept.get(key(live.champion().model(), version));
    }
  }

  /**
   * Loads a version and keeps it.
   *
   * @throws NotRegisteredException if there is no such version
   * @throws IllegalArgumentException if it cannot be served
   * @throws RegistryUnavailableException if the registry cannot be reached
   */
  public ServedVersion load(ActiveVersions live, String version) {
    ServedVersion loaded = loader.load(live.champion().model(), version, ALIAS);
    synchronized (kept) {
      kept.put(key(loaded.model(), version), loaded);
    }
    return loaded;
  }

  /**
   * Lets go of versions that the registry has no more, or whose number another one has got, and of
   * those of models that are not served; while the registry gives no answer all are kept.
   */
  void refresh(ModelSource source, ModelStore store) {
    try {
      for (ServedVersion version : all()) {
        if (!isThere(source, store, version)) {
          synchronized (kept) {
            kept.remove(key(version.model(), version.version()), version);
          }
        }
      }
    } catch (RegistryUnavailableException e) {
      // Nothing is known of the others either.
    }
  }

  private static boolean isThere(ModelSource source, ModelStore store, ServedVersion version) {
    try {
      return store.names().contains(version.model())
          && version.is(
              version.version(), source.find(version.model(), version.version()).identity());
    } catch (NotRegisteredException e) {
      return false;
    }
  }

  /** Those that are kept. */
  public List<ServedVersion> all() {
    synchronized (kept) {
      return List.copyOf(kept.values());
    }
  }

  private static String key(String model, String version) {
    return model + '/' + version;
  }
}
