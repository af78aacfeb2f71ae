package io.millrace.flink.features;

import io.millrace.flink.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * A message that the job writes.
 *
 * @param topic {@link Topics#FEATURES_READY} or {@link Topics#INVALID_FEATURES}
 * @param key the session; null of a message that has none
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody, and copied by nobody on the hot path
public record FeatureOutput(String topic, byte @Nullable [] key, byte[] value) {
  /** The side output that they go to. */
  static final OutputTag<FeatureOutput> TAG =
      new OutputTag<>("output", TypeInformation.of(FeatureOutput.class));

  static FeatureOutput ready(SessionEvent event) {
    return new FeatureOutput(
        Topics.FEATURES_READY, event.session().getBytes(StandardCharsets.UTF_8), event.message());
  }

  static FeatureOutput invalid(byte @Nullable [] key, byte[] refused) {
    return new FeatureOutput(Topics.INVALID_FEATURES, key, refused);
  }
}
