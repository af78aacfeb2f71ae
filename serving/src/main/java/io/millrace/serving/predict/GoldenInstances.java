package io.millrace.serving.predict;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.serving.GoldenBatch;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import io.millrace.serving.models.GoldenCheck;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.Scores;
import io.millrace.serving.models.ServedVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies a golden batch along the very path that a request takes. */
public final class GoldenInstances implements GoldenCheck {
  private static final int LIMIT = 10_000;

  @Override
  public void verify(ServedVersion version, String golden) {
    Expected expected;
    try {
      expected = Body.read(golden.getBytes(UTF_8), parser -> read(parser, version));
    } catch (Problem e) {
      throw new IllegalArgumentException(GoldenBatch.FILE_NAME + ": " + e.detail(), e);
    }
    compare(expected, version.score(expected.rows()));
  }

  private record Expected(Rows rows, List<List<Float>> predictions) {}

  private static Expected read(JsonParser parser, ServedVersion version) throws IOException {
    Body.requireObject(parser, "the batch");
    @Nullable Rows rows = null;
    List<List<Float>> predictions = List.of();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "instances" -> rows = Instances.list(parser, version.encoder(), name, LIMIT);
        case "predictions" -> predictions = predictions(parser, name);
        default -> parser.skipChildren();
      }
    }
    if (rows == null || rows.count() == 0 || rows.count() != predictions.size()) {
      throw Problem.invalid(
          "predictions", "must be as many as the instances, and at least one of each");
    }
    return new Expected(rows, predictions);
  }

  private static List<List<Float>> predictions(JsonParser parser, String path) throws IOException {
    Body.requireList(parser, path);
    List<List<Float>> predictions = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Body.requireList(parser, path);
      List<Float> one = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        one.add((float) Body.number(parser, path));
      }
      predictions.add(one);
    }
    return predictions;
  }

  private static void compare(Expected expected, Scores scores) {
    for (int row = 0; row < expected.predictions().size(); row++) {
      if (!agree(expected.predictions().get(row), scores, row)) {
        throw new IllegalArgumentException(
            "Golden instance %d: the training predicted %s, serving predicts %s"
                .formatted(row, expected.predictions().get(row), scores.text(row)));
      }
    }
  }

  private static boolean agree(List<Float> wanted, Scores scores, int row) {
    if (wanted.size() != scores.outputs()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      float allowed = GoldenBatch.TOLERANCE * Math.max(1, Math.abs(wanted.get(i)));
      if (!(Math.abs(wanted.get(i) - scores.at(row, i)) <= allowed)) {
        return false;
      }
    }
    return true;
  }
}
