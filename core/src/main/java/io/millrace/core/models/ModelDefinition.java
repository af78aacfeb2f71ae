package io.millrace.core.models;

import io.millrace.core.serving.ModelSchema;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model that Millrace trains. Training set, encoding, statistics, golden batch, artifacts and
 * what serving asks for follow from it.
 *
 * @param name of the registered model
 * @param description of the registered model and its versions
 * @param dataSet the file name of a frozen training set, without a suffix
 * @param source where the rows come from
 * @param features in the order of the model's rows
 * @param label what is predicted
 */
public record ModelDefinition(
    String name,
    String description,
    String dataSet,
    Source source,
    List<Feature> features,
    Binary label) {

  /**
   * A relation of the warehouse, one row an example.
   *
   * @param relation the table or view
   * @param group the column whose equal values are never in two parts of a split
   * @param key tells the examples of a group apart
   * @param time the column that examples are split by
   * @param labelHorizonSetting the setting that tells the relation how long after an example its
   *     label is decided
   */
  public record Source(
      String relation, String group, Field key, String time, String labelHorizonSetting) {}

  /**
   * A label that is 0 or 1.
   *
   * @param column 1 is the positive label
   * @param positives what rows with label 1 are called
   * @param horizonRule a clause on when a row has a label; {@code %d} stands for the minutes
   */
  public record Binary(String column, String positives, String horizonRule) {}

  public ModelDefinition {
    features = List.copyOf(features);
  }

  /** The columns of a training set, in the order of its file. */
  public List<Field> columns() {
    return Stream.of(
            Stream.of(
                new Field(source.group(), Field.Type.TEXT),
                source.key(),
                new Field(source.time(), Field.Type.TIME)),
            features.stream().map(Feature::field),
            Stream.of(new Field(label.column(), Field.Type.WHOLE)))
        .flatMap(fields -> fields)
        .toList();
  }

  /** The columns that order the rows, so that equal contents are equal files. */
  public List<String> order() {
    return List.of(source.time(), source.group(), source.key().name());
  }

  /** The names of the features, in the order of the model's rows. */
  public List<String> names() {
    return features.stream().map(Feature::name).toList();
  }

  /** What serving needs to know of the inputs. */
  public ModelSchema schema() {
    return new ModelSchema(features.stream().map(Feature::input).toList(), List.of());
  }
}
