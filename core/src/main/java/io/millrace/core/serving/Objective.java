package io.millrace.core.serving;

/**
 * An objective of XGBoost, as far as it matters for a prediction.
 *
 * @param name as XGBoost spells it
 * @param base how the base score, which is stored as a prediction, becomes a margin
 * @param link how margins become predictions
 */
record Objective(String name, Base base, Link link) {

  /** From the stored base score to the margin. */
  enum Base {
    AS_IS,
    LOGIT,
    LOG
  }

  /** From margins to predictions. */
  enum Link {
    IDENTITY,
    LOGISTIC,
    EXP,
    STEP,
    SOFTMAX,
    ARG_MAX
  }

  /**
   * Finds an objective by its name.
   *
   * @throws UnsupportedModelException if its transformation is not known
   */
  static Objective of(String name) {
    return switch (name) {
      case "binary:logistic", "reg:logistic" -> new Objective(name, Base.LOGIT, Link.LOGISTIC);
      case "binary:hinge" -> new Objective(name, Base.AS_IS, Link.STEP);
      case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox" ->
          new Objective(name, Base.LOG, Link.EXP);
      case "multi:softprob" -> new Objective(name, Base.AS_IS, Link.SOFTMAX);
      case "multi:softmax" -> new Objective(name, Base.AS_IS, Link.ARG_MAX);
      case "binary:logitraw",
          "reg:linear",
          "reg:squarederror",
          "reg:squaredlogerror",
          "reg:pseudohubererror",
          "reg:absoluteerror",
          "reg:quantileerror",
          "rank:ndcg",
          "rank:map",
          "rank:pairwise" ->
          new Objective(name, Base.AS_IS, Link.IDENTITY);
      default ->
          throw new UnsupportedModelException(
              "Objective '%s' is not supported: how it transforms margins is not known here; train with binary:*, multi:*, rank:*, count:poisson or one of reg:squarederror, logistic, squaredlogerror, pseudohubererror, absoluteerror, quantileerror, gamma, tweedie"
                  .formatted(PrintableText.of(name)));
    };
  }

  /** Whether there is a group of trees for each class. */
  boolean isMulticlass() {
    return link == Link.SOFTMAX || link == Link.ARG_MAX;
  }

  /** Whether a prediction of one target is about one of two classes. */
  boolean isBinary() {
    return name.startsWith("binary:");
  }

  /** The margin whose prediction is the given base score. */
  float margin(float baseScore) {
    float margin =
        switch (base) {
          case AS_IS -> baseScore;
          case LOGIT -> (float) -Math.log(1.0f / baseScore - 1.0f);
          case LOG -> (float) Math.log(baseScore);
        };
    if (!Float.isFinite(margin)) {
      throw new UnsupportedModelException(
          "base_score %s is out of the range of %s; train it again with a base_score inside"
              .formatted(baseScore, name));
    }
    return margin;
  }

  /** The prediction of one margin, for the links that look at one. */
  float predict(float margin) {
    return switch (link) {
      case IDENTITY -> margin;
      case LOGISTIC -> 1.0f / ((float) Math.exp(Math.min(-margin, 88.7f)) + 1.0f);
      case EXP -> (float) Math.exp(margin);
      case STEP -> margin > 0 ? 1 : 0;
      case SOFTMAX, ARG_MAX ->
          throw new IllegalStateException(name + " looks at the margins of all classes");
    };
  }

  /**
   * Turns margins into predictions.
   *
   * @param margins {@code groups} a row, beginning at {@code from}
   * @param out gets the predictions from {@code to} on; may be the same array and place
   */
  void predict(float[] margins, int from, int rows, int groups, float[] out, int to) {
    switch (link) {
      case SOFTMAX -> {
        for (int row = 0; row < rows; row++) {
          softmax(margins, from + row * groups, groups, out, to + row * groups);
        }
      }
      case ARG_MAX -> {
        for (int row = 0; row < rows; row++) {
          int start = from + row * groups;
          out[to + row] = largest(margins, start, groups) - start;
        }
      }
      case IDENTITY, LOGISTIC, EXP, STEP -> {
        for (int i = 0; i < rows * groups; i++) {
          out[to + i] = predict(margins[from + i]);
        }
      }
    }
  }

  private static void softmax(float[] margins, int from, int groups, float[] out, int to) {
    float highest = margins[largest(margins, from, groups)];
    double sum = 0;
    for (int i = 0; i < groups; i++) {
      out[to + i] = (float) Math.exp(margins[from + i] - highest);
      sum += out[to + i];
    }
    for (int i = 0; i < groups; i++) {
      out[to + i] /= (float) sum;
    }
  }

  /** The first of the largest. */
  private static int largest(float[] margins, int from, int groups) {
    int best = from;
    for (int i = from + 1; i < from + groups; i++) {
      if (margins[i] > margins[best]) {
        best = i;
      }
    }
    return best;
  }
}
