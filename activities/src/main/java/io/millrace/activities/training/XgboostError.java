package io.millrace.activities.training;

import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
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
      throw new PipelineException(
          PipelineFailure.INVALID_INPUT, "XGBoost could not " + what + ": " + firstLine(e), e);
    }
  }

  private static String firstLine(XGBoostError e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
