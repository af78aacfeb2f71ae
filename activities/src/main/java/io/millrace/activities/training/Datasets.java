package io.millrace.activities.training;

import io.millrace.core.models.ModelDefinition;
import io.millrace.core.training.TemporalSplit;
import io.millrace.workflows.training.DatasetRef;
import java.util.function.Function;

/** Loads a model's frozen training sets from the store, verified by checksum, ready for trials. */
public final class Datasets implements Function<DatasetRef, TrialData> {
  private final ModelDefinition model;
  private final ArtifactStore store;

  public Datasets(ModelDefinition model, ArtifactStore store) {
    this.model = model;
    this.store = store;
  }

  /** The matrices of a study: categories are coded by what the training rows hold. */
  @Override
  public TrialData apply(DatasetRef dataset) {
    TrainingTable table = table(dataset);
    TemporalSplit split = table.split(dataset.validationShare(), dataset.testShare());
    var mappings = table.fitMappings(split.train());
    return new TrialData(
        Matrix.of(table.features(split.train(), mappings), table.labels(split.train()), names()),
        Matrix.of(
            table.features(split.validation(), mappings),
            table.labels(split.validation()),
            names()));
  }

  TrainingTable table(DatasetRef dataset) {
    return TableCsv.read(model, store.getVerified(dataset.uri(), dataset.sha256()), dataset.uri());
  }

  private String[] names() {
    return model.names().toArray(String[]::new);
  }
}
