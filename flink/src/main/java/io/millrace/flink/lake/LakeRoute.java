package io.millrace.flink.lake;

import io.millrace.flink.Topics;
import java.util.List;

/**
 * A topic that is kept in the lake.
 *
 * @param topic where messages come from
 * @param bucket where objects go to
 * @param hourOf what decides about the hour
 */
public record LakeRoute(String topic, String bucket, HourOf hourOf) {

  /** All of them: a topic more is a line more. */
  public static final List<LakeRoute> ALL =
      List.of(
          new LakeRoute(Topics.VALIDATED, "validated-events-bucket", HourOf.EVENT),
          new LakeRoute(Topics.INVALID, "invalidated-events-bucket", HourOf.RECORD),
          new LakeRoute(Topics.PREDICTIONS, "predictions-bucket", HourOf.PREDICTION));
}
