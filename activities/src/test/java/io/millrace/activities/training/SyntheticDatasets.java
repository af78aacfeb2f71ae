package io.millrace.activities.training;

import io.millrace.workflows.training.DatasetRef;
import io.millrace.workflows.training.LoadRequest;

/** Frozen data sets of generated purchases. */
public final class SyntheticDatasets {
  private SyntheticDatasets() {}

  /** Puts one into a store, as load_training_data does. */
  public static DatasetRef put(ArtifactStore store, long seed, int events) {
    TrainingTable table = SyntheticPurchases.table(seed, events);
    byte[] bytes = TableCsv.write(table);
    String key = "datasets/test-" + seed + "/purchase_prediction.csv.gz";
    store.ensureBucket();
    store.put(key, bytes, "application/gzip");
    return DatasetSize.describe(
        table, new LoadRequest("test", 1, 1, 0.15, 0.15, null), store.uri(key), bytes);
  }
}
