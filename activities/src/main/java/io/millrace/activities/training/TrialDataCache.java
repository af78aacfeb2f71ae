package io.millrace.activities.training;

import io.millrace.workflows.training.DatasetRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the matrices of the last few data sets in native memory, so that a worker process loads
 * each once and not once a trial.
 *
 * <p>Thread-safe: concurrent first users wait for one load. Bounded: the least recently used data
 * set is freed when there are too many and nobody trains on it any more.
 */
public final class TrialDataCache implements AutoCloseable {
  /** A use of a data set; close it when done. */
  public final class Lease implements AutoCloseable {
    private final Entry entry;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    /** The matrices, loaded by the first who asks. */
    public TrialData data() {
      synchronized (entry) {
        TrialData data = entry.data;
        if (data == null) {
          data = loader.apply(entry.dataset);
          entry.data = data;
        }
        return data;
      }
    }

    @Override
    public void close() {
      release(entry);
    }
  }

  private static final class Entry {
    private final DatasetRef dataset;
    private @Nullable TrialData data;
    private int leases;

    private Entry(DatasetRef dataset) {
      this.dataset = dataset;
    }
  }

  private final Function<DatasetRef, TrialData> loader;
  private final int capacity;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Creates an empty cache.
   *
   * @param loader loads and verifies a data set
   * @param capacity data sets to keep while nobody uses them
   */
  public TrialDataCache(Function<DatasetRef, TrialData> loader, int capacity) {
    this.loader = loader;
    this.capacity = capacity;
  }

  /** Takes a data set into use. */
  public synchronized Lease acquire(DatasetRef dataset) {
    String key = dataset.sha256() + "/" + dataset.validationShare() + "/" + dataset.testShare();
    Entry entry = entries.computeIfAbsent(key, k -> new Entry(dataset));
    entry.leases++;
    return new Lease(entry);
  }

  private synchronized void release(Entry entry) {
    entry.leases--;
    shrinkTo(capacity);
  }

  private void shrinkTo(int size) {
    entries.values().removeIf(entry -> entries.size() > size && entry.leases == 0 && free(entry));
  }

  private static boolean free(Entry entry) {
    synchronized (entry) {
      if (entry.data != null) {
        entry.data.close();
        entry.data = null;
      }
    }
    return true;
  }

  @Override
  public synchronized void close() {
    shrinkTo(0);
  }
}
