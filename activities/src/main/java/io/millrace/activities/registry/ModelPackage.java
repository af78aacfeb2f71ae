package io.millrace.activities.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.millrace.core.models.Feature;
import io.millrace.core.models.Field;
import io.millrace.core.models.ModelDefinition;
import io.millrace.core.serving.GoldenBatch;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.training.BaselineStatistics;
import io.millrace.core.training.CategoryMappings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of one model version: an MLflow model of the flavours {@code xgboost} and {@code
 * python_function}, so that MLflow's own loaders read it, with all that is needed to use it.
 *
 * <p>Its inputs are the features as numbers, coded by {@code category_mappings.json}: codes and
 * counts are whole numbers (-1 = unknown).
 */
final class ModelPackage {
  static final String MODEL_FILE = "model.ubj";
  static final String MODEL_JSON = "model.json";
  static final String FEATURES_FILE = "feature_order.json";
  private static final String XGBOOST = "3.0.4";
  private static final String MLFLOW = "3.17.2";
  private static final String PYTHON = "3.11.2";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private ModelPackage() {}

  /** The files by their path within the model's folder, MLmodel last. */
  static Map<String, byte[]> files(
      ModelDefinition definition,
      byte[] ubj,
      byte[] json,
      byte[] mappings,
      byte[] statistics,
      byte[] golden,
      String runId,
      Instant at) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(MODEL_FILE, ubj);
    files.put(MODEL_JSON, json);
    files.put(CategoryMappings.FILE_NAME, mappings);
    files.put(BaselineStatistics.FILE_NAME, statistics);
    files.put(GoldenBatch.FILE_NAME, golden);
    files.put(ModelSchema.FILE_NAME, bytes(definition.schema().toJson()));
    files.put(FEATURES_FILE, bytes(featureOrder(definition)));
    files.put(
        "requirements.txt", bytes("mlflow==%s\nxgboost==%s\npandas\n".formatted(MLFLOW, XGBOOST)));
    files.put(
        "python_env.yaml",
        bytes(
            "python: %s\nbuild_dependencies:\n- pip\ndependencies:\n- -r requirements.txt\n"
                .formatted(PYTHON)));
    files.put("MLmodel", bytes(descriptor(definition, runId, at, ubj.length)));
    return files;
  }

  private static String featureOrder(ModelDefinition definition) {
    ObjectMapper json = new ObjectMapper();
    try {
      return json.writeValueAsString(definition.names());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String descriptor(ModelDefinition definition, String runId, Instant at, int size) {
    return """
    artifact_path: model
    flavors:
      python_function:
        data: model.ubj
        env:
          virtualenv: python_env.yaml
        loader_module: mlflow.xgboost
        python_version: %s
      xgboost:
        code: null
        data: model.ubj
        model_class: xgboost.core.Booster
        model_format: ubj
        xgb_version: %s
    mlflow_version: %s
    model_size_bytes: %d
    model_uuid: %s
    run_id: %s
    signature:
      inputs: '%s'
      outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1]}}]'
      params: null
    utc_time_created: '%s'
    """
        .formatted(
            PYTHON, XGBOOST, MLFLOW, size, runId, runId, inputs(definition), TIME.format(at));
  }

  private static String inputs(ModelDefinition definition) {
    ArrayNode columns = new ObjectMapper().createArrayNode();
    for (Feature feature : definition.features()) {
      columns
          .addObject()
          .put("type", feature.field().type() == Field.Type.NUMBER ? "double" : "long")
          .put("name", feature.name())
          .put("required", true);
    }
    return columns.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
