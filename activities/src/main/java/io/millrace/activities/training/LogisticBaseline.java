package io.millrace.activities.training;

import io.millrace.core.models.Feature;
import io.millrace.core.training.BinaryMetrics;
import java.util.List;
import java.util.Objects;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * What the gate's candidate must beat: logistic regression on the same rows, categories one-hot,
 * numbers as their logarithm. Deterministic from its fixed seed.
 */
final class LogisticBaseline {
  private static final String POSITIVE = "1";
  private static final int EPOCHS = 5;
  private static final int BATCH = 32;
  private static final long SEED = 1;
  private static final LabelFactory LABELS = new LabelFactory();

  private final Model<Label> model;

  private LogisticBaseline(Model<Label> model) {
    this.model = model;
  }

  static LogisticBaseline train(TrainingTable table, int[] rows) {
    MutableDataset<Label> data =
        new MutableDataset<>(
            new SimpleDataSourceProvenance(table.model().dataSet(), LABELS), LABELS);
    for (int row : rows) {
      data.add(example(table, row));
    }
    return new LogisticBaseline(
        new LinearSGDTrainer(
                new LogMulticlass(), new AdaGrad(0.1), EPOCHS, Integer.MAX_VALUE, BATCH, SEED)
            .train(data));
  }

  BinaryMetrics evaluate(TrainingTable table, int[] rows) {
    float[] scores = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      Label score = model.predict(example(table, rows[i])).getOutputScores().get(POSITIVE);
      scores[i] = (float) Objects.requireNonNull(score).getScore();
    }
    return BinaryMetrics.of(scores, table.labels(rows));
  }

  private static ArrayExample<Label> example(TrainingTable table, int row) {
    List<Feature> features = table.model().features();
    String[] names = new String[features.size()];
    double[] values = new double[features.size()];
    for (int i = 0; i < names.length; i++) {
      Feature feature = features.get(i);
      Column column = table.column(feature.name());
      names[i] =
          feature.isCategory() ? feature.name() + "=" + column.text(row) : "log_" + feature.name();
      values[i] = feature.isCategory() ? 1 : Math.log1p(column.number(row));
    }
    String label = String.valueOf(table.column(table.model().label().column()).text(row));
    return new ArrayExample<>(new Label(label), names, values);
  }
}
