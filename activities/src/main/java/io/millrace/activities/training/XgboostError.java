package io.millrace.activities.training;

import io.millrace.workflows.training.TrainingFailures;
import io.temporal.failure.ApplicationFailure;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Turns the native library's checked error into a failure that is not retried. */
final class XgboostError {
  /** A call of the native library. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws XGBoostError;
  }

  private XgboostError() {}

  static <T> T translate(String what, Call<T> call) {
    try {
      return call.run();
    } catch (XGBoostError e) {
      throw ApplicationFailure.newNonRetryableFailureWithCause(
          "XGBoost could not " + what + ": " + firstLine(e), TrainingFailures.INVALID_INPUT, e);
    }
  }

  private static String firstLine(XGBoostError e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
