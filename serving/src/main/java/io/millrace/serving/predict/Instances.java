package io.millrace.serving.predict;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.models.RowEncoder;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import io.millrace.serving.models.Rows;
import java.io.IOException;

/** Reads instances, which are objects of input names and values, straight into rows. */
public final class Instances {
  private Instances() {}

  /**
   * Reads a list of instances, at whose beginning the parser stands.
   *
   * @throws Problem 413 if there are too many, 422 naming the value that does not fit
   */
  public static Rows list(JsonParser parser, RowEncoder encoder, String path, int limit)
      throws IOException {
    Body.requireList(parser, path);
    Rows rows = new Rows(encoder);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (rows.count() == limit) {
        throw Problem.tooMany(path, limit);
      }
      one(parser, rows, path + "[" + rows.count() + "]");
    }
    return rows;
  }

  /** Reads one instance into the next row. */
  static void one(JsonParser parser, Rows rows, String path) throws IOException {
    Body.requireObject(parser, path);
    rows.begin();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      int input = rows.encoder().index(name);
      if (input < 0) {
        throw Problem.invalid(
            path + "." + name,
            "is no input of the model; it has " + String.join(", ", names(rows.encoder())));
      }
      parser.nextToken();
      value(parser, rows, input, path);
    }
    rows.end(path);
  }

  /** Reads the value that stands here into an input; null leaves it out. */
  static void value(JsonParser parser, Rows rows, int input, String path) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      rows.nothing(input, path);
      return;
    }
    if (!rows.isCategory(input)) {
      if (!token.isNumeric()) {
        throw wrong(parser, rows, input, path, "a number");
      }
      rows.number(input, parser.getDoubleValue(), path);
    } else if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
      rows.category(input, parser.getText(), path);
    } else {
      throw wrong(parser, rows, input, path, "a text or a whole number");
    }
  }

  private static Problem wrong(
      JsonParser parser, Rows rows, int input, String path, String wanted) {
    return Problem.invalid(
        path + "." + rows.encoder().input(input).name(),
        "must be %s, but is %s".formatted(wanted, Body.what(parser)));
  }

  static String[] names(RowEncoder encoder) {
    String[] names = new String[encoder.width()];
    for (int i = 0; i < names.length; i++) {
      names[i] = encoder.input(i).name();
    }
    return names;
  }
}
