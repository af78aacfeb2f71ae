package io.millrace.flink.lake;

import java.io.IOException;
import org.apache.flink.streaming.api.functions.sink.filesystem.PartFileInfo;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.CheckpointRollingPolicy;

/** Closes an object at every checkpoint, and before it when it has grown large. */
final class RollBySize extends CheckpointRollingPolicy<LakeLine, String> {
  private static final long serialVersionUID = 1L;

  private final long maxBytes;

  RollBySize(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public boolean shouldRollOnEvent(PartFileInfo<String> object, LakeLine line) throws IOException {
    return object.getSize() >= maxBytes;
  }

  @Override
  public boolean shouldRollOnProcessingTime(PartFileInfo<String> object, long now) {
    return false;
  }
}
