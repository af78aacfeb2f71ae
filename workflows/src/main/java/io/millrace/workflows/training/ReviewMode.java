package io.millrace.workflows.training;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a person looks at a candidate that has passed the gate before it becomes champion. */
public enum ReviewMode {
  /** No review: a candidate that passes the gate is promoted. */
  @JsonProperty("auto")
  AUTO,
  /** A person answers the gate {@code review}. */
  @JsonProperty("manual")
  MANUAL
}
