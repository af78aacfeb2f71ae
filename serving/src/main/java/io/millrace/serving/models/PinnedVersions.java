package io.millrace.serving.models;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Versions that requests ask for by number, whether or not an alias points at them. The {@value
 * #MOST} used last are kept.
 */
public final class PinnedVersions {
  /** The alias that answers of such versions name. */
  public static final String ALIAS = "pinned";

  private static final int MOST = 4;

  private final VersionLoader loader;
  private final Map<String, ServedVersion> kept =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ServedVersion> eldest) {
          return size() > MOST;
        }
      };

  public PinnedVersions(VersionLoader loader) {
    this.loader = loader;
  }

  /** A version that is in memory, because it serves or was asked for; null if it is not. */
  public @Nullable ServedVersion find(Live live, String version) {
    for (ServedVersion one : live.versions().values()) {
      if (one.version().equals(version)) {
        return one;
      }
    }
    synchronized (kept) {
      return kept.get(key(live, version));
    }
  }

  /**
   * Loads a version and keeps it.
   *
   * @throws IllegalArgumentException if there is no such version, or it cannot be served
   * @throws RuntimeException if the registry cannot be reached
   */
  public ServedVersion load(Live live, String version) {
    ServedVersion loaded = loader.load(live.champion().model(), version, ALIAS);
    synchronized (kept) {
      kept.put(key(live, version), loaded);
    }
    return loaded;
  }

  private static String key(Live live, String version) {
    return live.champion().model() + '/' + version;
  }
}
