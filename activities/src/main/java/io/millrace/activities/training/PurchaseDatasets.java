package io.millrace.activities.training;

import io.millrace.core.training.ModelInputs;
import io.millrace.core.training.TemporalSplit;
import io.millrace.workflows.training.DatasetRef;
import java.util.function.Function;

/** Loads frozen purchase data sets from the store, verified by checksum, ready for trials. */
public final class PurchaseDatasets implements Function<DatasetRef, TrialData> {
  private final ArtifactStore store;

  public PurchaseDatasets(ArtifactStore store) {
    this.store = store;
  }

  /** The matrices of a study: categories are coded by what the training rows hold. */
  @Override
  public TrialData apply(DatasetRef dataset) {
    PurchaseTable table = table(dataset);
    TemporalSplit split = table.split(dataset.validationShare(), dataset.testShare());
    var mappings = table.fitMappings(split.train());
    return new TrialData(
        Matrix.of(table.features(split.train(), mappings), table.labels(split.train()), names()),
        Matrix.of(
            table.features(split.validation(), mappings),
            table.labels(split.validation()),
            names()));
  }

  PurchaseTable table(DatasetRef dataset) {
    return DatasetCsv.read(store.getVerified(dataset.uri(), dataset.sha256()), dataset.uri());
  }

  static String[] names() {
    return ModelInputs.NAMES.toArray(String[]::new);
  }
}
