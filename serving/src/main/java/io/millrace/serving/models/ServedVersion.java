package io.millrace.serving.models;

import io.millrace.core.models.RowEncoder;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version that answers. Immutable; used by all requests at once.
 *
 * @param model the registered model
 * @param version the registry's version number
 * @param alias the alias that it serves by
 * @param identity what tells it from another version of this number; see {@link RegisteredVersion}
 * @param schema its inputs and the names of its outputs
 * @param encoder turns values into the model's rows
 * @param scorer scores the rows
 */
public record ServedVersion(
    String model,
    String version,
    String alias,
    String identity,
    ModelSchema schema,
    RowEncoder encoder,
    Scorer scorer) {
  /** Rows that are scored on the request's own thread; more are shared out to all cores. */
  private static final int ON_ONE_THREAD = 4 * Scorer.RANGE;

  static ServedVersion of(
      String model, String version, String alias, String identity, VersionFiles files) {
    return new ServedVersion(
        model,
        version,
        alias,
        identity,
        files.schema(),
        new RowEncoder(files.schema(), files.mappings()),
        files.scorer());
  }

  ServedVersion by(String otherAlias) {
    return new ServedVersion(model, version, otherAlias, identity, schema, encoder, scorer);
  }

  /** Whether it is this very version of the registry, and not another one of the same number. */
  boolean is(String otherVersion, String otherIdentity) {
    return version.equals(otherVersion) && identity.equals(otherIdentity);
  }

  /** Numbers that one row gives: 1, or the number of classes. */
  public int outputs() {
    return scorer.outputs();
  }

  /** Scores all rows, which were coded with {@link #encoder}. */
  public Scores score(Rows rows) {
    int count = rows.count();
    float[] values = withoutMissing(rows.values(), count);
    float[] scores = new float[count * scorer.outputs()];
    if (count <= ON_ONE_THREAD) {
      scorer.scoreInto(values, count, scores);
    } else {
      scorer.scoreParallel(values, count, scores);
    }
    return new Scores(scores, scorer.outputs(), scorer.output());
  }

  /** Puts NaN where the number stands that the model was trained to take for a missing value. */
  private float[] withoutMissing(float[] values, int count) {
    @Nullable Float missing = schema.missingValue();
    if (missing == null) {
      return values;
    }
    float[] copy = Arrays.copyOf(values, count * scorer.features());
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] == missing) {
        copy[i] = Float.NaN;
      }
    }
    return copy;
  }

  /** The names of the inputs. */
  public List<String> inputs() {
    return schema.names();
  }
}
