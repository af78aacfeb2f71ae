package io.millrace.engine;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/** How a report has its run's params: as JSON, which people read, and not as a text of JSON. */
final class ParamsJson {

  private ParamsJson() {}

  static final class Writer extends StdSerializer<String> {
    private static final long serialVersionUID = 1;

    Writer() {
      super(String.class);
    }

    @Override
    public void serialize(String params, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeTree(Json.treeOrText(params));
    }
  }

  /** Also takes the text that earlier builds wrote. */
  static final class Reader extends StdDeserializer<String> {
    private static final long serialVersionUID = 1;

    Reader() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return in.currentToken() == JsonToken.VALUE_STRING
          ? in.getText()
          : new Json.ExactTree().deserialize(in, context).toString();
    }
  }
}
