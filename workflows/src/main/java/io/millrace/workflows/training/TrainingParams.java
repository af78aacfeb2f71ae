package io.millrace.workflows.training;

import io.millrace.core.features.PurchaseLabel;
import io.millrace.core.training.PromotionGate;
import org.jspecify.annotations.Nullable;

/**
 * What a training run can be told. Every field may be left out of the JSON and has a default then;
 * the defaults finish in seconds on some thousand rows and two cores.
 *
 * @param modelName the registered model
 * @param minRows fewer labelled rows skip the run
 * @param minPositives fewer rows of either label skip the run
 * @param validationShare of rows, the newest before the test set; trials are chosen by them
 * @param testShare of rows, the newest; the gate decides by them
 * @param trials at most 500
 * @param maxRounds of a trial that is never stopped
 * @param graceRounds before a trial can be stopped
 * @param reduction one in this many trials survives a rung
 * @param seed of the search, of row and of column sampling
 * @param maxConcurrentTrials on all workers together
 * @param checkpointEvery rounds; what a killed worker can cost
 * @param minSuccessRatio share of trials that must not fail
 * @param gate when a candidate may become champion
 * @param gitSha of the code, recorded with the version; null if unknown
 * @param review whether a person decides about a candidate that has passed the gate: {@code auto}
 *     for no review, {@code manual} for the gate {@code review}
 * @param reviewHours after so many hours without an answer the candidate is held back
 * @param labelHorizonMinutes how long after its cart event a purchase counts, and how old a cart
 *     event must be to be a row; see {@link PurchaseLabel}. At most {@value #MAX_HORIZON_MINUTES}
 */
public record TrainingParams(
    String modelName,
    long minRows,
    long minPositives,
    double validationShare,
    double testShare,
    int trials,
    int maxRounds,
    int graceRounds,
    int reduction,
    long seed,
    int maxConcurrentTrials,
    int checkpointEvery,
    double minSuccessRatio,
    PromotionGate gate,
    @Nullable String gitSha,
    ReviewMode review,
    int reviewHours,
    int labelHorizonMinutes) {

  /** Thirty days. */
  public static final int MAX_HORIZON_MINUTES = 43_200;

  /** More trials than this in one study would outgrow its history. */
  public static final int MAX_TRIALS = 500;

  private static final int HORIZON_MINUTES = (int) PurchaseLabel.HORIZON.toMinutes();

  /** What a run without params uses. */
  public static final TrainingParams DEFAULT =
      new TrainingParams(
          "purchase_prediction_model",
          500,
          50,
          0.15,
          0.15,
          12,
          60,
          10,
          3,
          42,
          8,
          20,
          0.5,
          new PromotionGate(0.005, 0.99, 0.01, 0.1),
          null,
          ReviewMode.AUTO,
          72,
          HORIZON_MINUTES);

  public TrainingParams {
    require(!modelName.isBlank(), "modelName", modelName, "not blank");
    require(minRows >= 1, "minRows", minRows, ">= 1");
    require(minPositives >= 1, "minPositives", minPositives, ">= 1");
    require(
        validationShare > 0 && validationShare < 1,
        "validationShare",
        validationShare,
        "in (0, 1)");
    require(testShare > 0 && testShare < 1, "testShare", testShare, "in (0, 1)");
    require(
        validationShare + testShare < 1,
        "validationShare + testShare",
        validationShare + testShare,
        "< 1");
    require(trials >= 1 && trials <= MAX_TRIALS, "trials", trials, "1 to " + MAX_TRIALS);
    require(graceRounds >= 1, "graceRounds", graceRounds, ">= 1");
    require(maxRounds >= graceRounds, "maxRounds", maxRounds, ">= graceRounds = " + graceRounds);
    require(reduction >= 2, "reduction", reduction, ">= 2");
    require(maxConcurrentTrials >= 1, "maxConcurrentTrials", maxConcurrentTrials, ">= 1");
    require(checkpointEvery >= 1, "checkpointEvery", checkpointEvery, ">= 1");
    require(
        minSuccessRatio >= 0 && minSuccessRatio <= 1,
        "minSuccessRatio",
        minSuccessRatio,
        "in [0, 1]");
    require(reviewHours >= 1 && reviewHours <= 720, "reviewHours", reviewHours, "1 to 720");
    require(
        labelHorizonMinutes >= 1 && labelHorizonMinutes <= MAX_HORIZON_MINUTES,
        "labelHorizonMinutes",
        labelHorizonMinutes,
        "1 to " + MAX_HORIZON_MINUTES);
  }

  /** Without a review. */
  public TrainingParams(
      String modelName,
      long minRows,
      long minPositives,
      double validationShare,
      double testShare,
      int trials,
      int maxRounds,
      int graceRounds,
      int reduction,
      long seed,
      int maxConcurrentTrials,
      int checkpointEvery,
      double minSuccessRatio,
      PromotionGate gate,
      @Nullable String gitSha) {
    this(
        modelName,
        minRows,
        minPositives,
        validationShare,
        testShare,
        trials,
        maxRounds,
        graceRounds,
        reduction,
        seed,
        maxConcurrentTrials,
        checkpointEvery,
        minSuccessRatio,
        gate,
        gitSha,
        ReviewMode.AUTO,
        72,
        HORIZON_MINUTES);
  }

  LoadRequest loading(String runKey) {
    return new LoadRequest(
        runKey, minRows, minPositives, validationShare, testShare, labelHorizonMinutes);
  }

  private static void require(boolean ok, String name, Object value, String rule) {
    if (!ok) {
      throw new IllegalArgumentException("%s must be %s and is %s".formatted(name, rule, value));
    }
  }
}
