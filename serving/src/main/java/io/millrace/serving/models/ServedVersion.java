package io.millrace.serving.models;

import io.millrace.core.serving.ForestScorer;
import io.millrace.core.serving.ModelSchema;
import java.util.List;

/**
 * A version that answers. Immutable; used by all requests at once.
 *
 * @param model the registered model
 * @param version the registry's version number
 * @param alias the alias that it serves by
 * @param schema its inputs and the names of its outputs
 * @param encoder turns values into the model's rows
 * @param scorer scores the rows
 */
public record ServedVersion(
    String model,
    String version,
    String alias,
    ModelSchema schema,
    InputEncoder encoder,
    ForestScorer scorer) {

  static ServedVersion of(String model, String version, String alias, VersionFiles files) {
    return new ServedVersion(
        model,
        version,
        alias,
        files.schema(),
        new InputEncoder(files.schema(), files.mappings()),
        files.scorer());
  }

  ServedVersion by(String otherAlias) {
    return new ServedVersion(model, version, otherAlias, schema, encoder, scorer);
  }

  /** Numbers that one row gives: 1, or the number of classes. */
  public int outputs() {
    return 1;
  }

  /** Scores all rows, which were coded with {@link #encoder}. */
  public Scores score(Rows rows) {
    int width = scorer.features();
    float[] scores = new float[rows.count()];
    float[] row = new float[width];
    for (int i = 0; i < scores.length; i++) {
      System.arraycopy(rows.values(), i * width, row, 0, width);
      scores[i] = scorer.score(row);
    }
    return new Scores(scores, outputs());
  }

  /** The names of the inputs. */
  public List<String> inputs() {
    return schema.names();
  }
}
