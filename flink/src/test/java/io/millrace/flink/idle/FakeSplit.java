package io.millrace.flink.idle;

import org.apache.flink.api.connector.source.SourceSplit;

record FakeSplit() implements SourceSplit {
  @Override
  public String splitId() {
    return "split";
  }
}
