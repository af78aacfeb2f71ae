package io.millrace.serving.models;

import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
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
    Scorer scorer) {
  /** Rows that are scored on the request's own thread; more are shared out to all cores. */
  private static final int ON_ONE_THREAD = 4 * Scorer.RANGE;

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
    return scorer.outputs();
  }

  /** Scores all rows, which were coded with {@link #encoder}. */
  public Scores score(Rows rows) {
    int count = rows.count();
    float[] scores = new float[count * scorer.outputs()];
    if (count <= ON_ONE_THREAD) {
      scorer.scoreInto(rows.values(), count, scores);
    } else {
      scorer.scoreParallel(rows.values(), count, scores);
    }
    return new Scores(scores, scorer.outputs());
  }

  /** The names of the inputs. */
  public List<String> inputs() {
    return schema.names();
  }
}
