package io.millrace.workers.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.serving.JsonFault;
import io.millrace.core.serving.PrintableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The file {@code MLmodel} that MLflow writes beside a model, as far as it says how Python would
 * load and score it.
 *
 * @param modelFile the model's file
 * @param modelClass the Python class that loads it
 * @param signature columns of the input, in their order; null if there is no signature with names
 */
record MlmodelFile(String modelFile, String modelClass, @Nullable List<Column> signature) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BOOSTER = "xgboost.core.Booster";
  private static final String WRAPPERS = "xgboost.sklearn.";
  private static final Set<String> TEXTS = Set.of("string", "binary", "datetime");

  /**
   * One column of the signature.
   *
   * @param type MLflow's word, such as {@code double}
   * @param required whether an instance must have it
   */
  record Column(String name, String type, boolean required) {
    /** Whether its values are no numbers. */
    boolean isText() {
      return TEXTS.contains(type);
    }
  }

  /** Whether it is loaded as XGBoost's scikit-learn wrapper, and not as a {@code Booster}. */
  boolean isWrapper() {
    return !modelClass.equals(BOOSTER);
  }

  /** The names of columns. */
  static List<String> names(List<Column> columns) {
    return columns.stream().map(Column::name).toList();
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException if it cannot be read, or the model is not of the flavour
   *     {@code xgboost}, saying what to do
   */
  static MlmodelFile parse(String text) {
    Map<?, ?> document = document(text);
    Map<?, ?> flavours = map(document.get("flavors"));
    if (!(flavours.get("xgboost") instanceof Map<?, ?> xgboost)) {
      throw new IllegalArgumentException(
          "MLmodel has the flavours %s, and only xgboost can be served: log the model with mlflow.xgboost.log_model, also if it is one of scikit-learn's wrappers such as XGBClassifier"
              .formatted(PrintableText.of(flavours.keySet())));
    }
    Object file = xgboost.get("data");
    if (!(file instanceof String name) || name.isBlank()) {
      throw new IllegalArgumentException(
          "MLmodel does not say which file the model is: flavors.xgboost.data is missing");
    }
    return new MlmodelFile(
        name,
        modelClass(xgboost.get("model_class")),
        columns(map(document.get("signature")).get("inputs")));
  }

  private static String modelClass(@Nullable Object type) {
    if (type == null) {
      return BOOSTER; // MLflow before 1.22 logged no others
    }
    String name = String.valueOf(type);
    if (!name.equals(BOOSTER) && !name.startsWith(WRAPPERS)) {
      throw new IllegalArgumentException(
          "MLmodel has the model_class '%s', and only %s and XGBoost's own wrappers can be served: how another class predicts is not known here"
              .formatted(PrintableText.of(name), BOOSTER));
    }
    return name;
  }

  private static Map<?, ?> document(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(50);
    options.setMaxAliasesForCollections(50);
    try {
      return map(new Yaml(new SafeConstructor(options)).load(text));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new IllegalArgumentException("MLmodel is not valid YAML at line " + line, e);
    } catch (YAMLException e) {
      throw new IllegalArgumentException("MLmodel is not valid YAML", e);
    }
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  /** The signature's inputs are JSON in a text: a list of columns, or of tensors without names. */
  private static @Nullable List<Column> columns(@Nullable Object inputs) {
    if (inputs == null) {
      return null;
    }
    JsonNode list;
    try {
      list = JSON.readTree(String.valueOf(inputs));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("MLmodel's signature: " + JsonFault.of(e), e);
    }
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : list) {
      String name = column.path("name").asText();
      if (name.isEmpty()) {
        return null;
      }
      columns.add(
          new Column(name, column.path("type").asText(), column.path("required").asBoolean(true)));
    }
    return columns.isEmpty() ? null : columns;
  }
}
