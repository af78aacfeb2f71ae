package io.millrace.activities.training;

import io.millrace.core.training.BinaryMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
 * price as its logarithm. Deterministic from its fixed seed.
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

  static LogisticBaseline train(PurchaseTable table, int[] rows) {
    MutableDataset<Label> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("purchase rows", LABELS), LABELS);
    for (int row : rows) {
      data.add(example(table.row(row)));
    }
    return new LogisticBaseline(
        new LinearSGDTrainer(
                new LogMulticlass(), new AdaGrad(0.1), EPOCHS, Integer.MAX_VALUE, BATCH, SEED)
            .train(data));
  }

  BinaryMetrics evaluate(PurchaseTable table, int[] rows) {
    float[] scores = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      Label score = model.predict(example(table.row(rows[i]))).getOutputScores().get(POSITIVE);
      scores[i] = (float) Objects.requireNonNull(score).getScore();
    }
    return BinaryMetrics.of(scores, table.labels(rows));
  }

  private static ArrayExample<Label> example(PurchaseTable.Row row) {
    List<String> names = new ArrayList<>();
    names.add("brand=" + row.brand());
    names.add("weekday=" + row.weekday());
    names.add("level1=" + row.level1());
    names.add("level2=" + row.level2());
    double[] values = new double[names.size() + 2];
    Arrays.fill(values, 1.0);
    values[names.size()] = Math.log1p(row.price());
    values[names.size() + 1] = Math.log1p((double) row.activityCount());
    names.add("log_price");
    names.add("log_activity");
    String label = String.format(Locale.ROOT, "%d", row.purchased() ? 1 : 0);
    return new ArrayExample<>(new Label(label), names.toArray(String[]::new), values);
  }
}
