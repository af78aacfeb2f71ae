package io.millrace.activities.training;

import java.util.Map;

/**
 * The matrices that all trials of a study share.
 *
 * <p>XGBoost builds a matrix's histogram index on its first training and keeps it; two first
 * trainings at once would race. So one throw-away round is trained here, by the one thread that
 * makes the object.
 */
public final class TrialData implements AutoCloseable {
  private final Matrix train;
  private final Matrix validation;

  public TrialData(Matrix train, Matrix validation) {
    this.train = train;
    this.validation = validation;
    try (ResumableBooster warmUp = ResumableBooster.start(train, Map.of("max_depth", 1), 0)) {
      warmUp.update(train);
      warmUp.evaluate(validation);
    }
  }

  /** The rows that trees are grown on. */
  public Matrix train() {
    return train;
  }

  /** The rows that trials are judged by. */
  public Matrix validation() {
    return validation;
  }

  @Override
  public void close() {
    train.close();
    validation.close();
  }
}
