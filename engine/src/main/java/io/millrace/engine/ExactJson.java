package io.millrace.engine;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;

/**
 * Any JSON value, read so that its numbers keep all of their digits.
 *
 * @param value the value
 */
@JsonDeserialize(using = ExactJson.Reader.class)
record ExactJson(@JsonValue JsonNode value) {

  @JsonCreator
  ExactJson {}

  /** Reads the value as it stands. */
  static final class Reader
      extends com.fasterxml.jackson.databind.deser.std.StdDeserializer<ExactJson> {
    private static final long serialVersionUID = 1;
    private static final Json.ExactTree TREE = new Json.ExactTree();

    Reader() {
      super(ExactJson.class);
    }

    @Override
    public ExactJson deserialize(
        com.fasterxml.jackson.core.JsonParser parser,
        com.fasterxml.jackson.databind.DeserializationContext context)
        throws java.io.IOException {
      return new ExactJson(TREE.deserialize(parser, context));
    }
  }
}
