package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import org.jspecify.annotations.Nullable;

/**
 * Something that an earlier run has done with success.
 *
 * @param task the task's id
 * @param item the name of the item of a mapped task, else null
 * @param type the activity's or workflow's type; {@link #INPUT} for what a gate was answered or an
 *     event brought
 * @param args the digest of the recorded arguments, as in {@link CallKey}
 * @param result as JSON, with every digit; null if it returned nothing
 */
public record PriorCall(
    String task,
    @Nullable String item,
    String type,
    String args,
    @JsonDeserialize(using = Json.ExactTree.class) @Nullable JsonNode result) {

  static final String INPUT = "input";

  public PriorCall {
    result = result == null || result.isNull() ? null : result;
  }

  CallKey key() {
    return new CallKey(type, args);
  }
}
