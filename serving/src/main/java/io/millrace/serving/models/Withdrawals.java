package io.millrace.serving.models;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was served and the registry has no more, so that it can be told from what never was. The
 * newest are kept, and nothing of a model that serves again.
 */
final class Withdrawals {
  private static final int MOST_MODELS = 100;
  private static final int MOST_VERSIONS = 1_000;

  private record Key(String model, String version, String identity) {
    static Key of(ServedVersion version) {
      return new Key(version.model(), version.version(), version.identity());
    }
  }

  private final Map<String, Withdrawal> models = newest(MOST_MODELS);
  private final Map<Key, Boolean> versions = newest(MOST_VERSIONS);

  private static <K, V> Map<K, V> newest(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  /** A model is served no more, nor any of its versions. */
  synchronized void add(Withdrawal withdrawal, Live last) {
    models.remove(withdrawal.model());
    models.put(withdrawal.model(), withdrawal);
    last.versions().values().forEach(this::gone);
    if (last.previous() != null) {
      gone(last.previous());
    }
  }

  /** A version is gone. */
  synchronized void gone(ServedVersion version) {
    versions.put(Key.of(version), true);
  }

  /** A model is served. */
  synchronized void back(Live now) {
    models.remove(now.champion().model());
    now.versions().values().forEach(version -> versions.remove(Key.of(version)));
  }

  synchronized boolean isGone(ServedVersion version) {
    return versions.containsKey(Key.of(version));
  }

  synchronized @Nullable Withdrawal find(String model) {
    return models.get(model);
  }

  synchronized List<Withdrawal> all() {
    return models.values().stream().sorted(Comparator.comparing(Withdrawal::model)).toList();
  }
}
