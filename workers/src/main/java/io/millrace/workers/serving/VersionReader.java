package io.millrace.workers.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.activities.registry.ArtifactFolder;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.core.serving.GoldenBatch;
import io.millrace.core.serving.ModelDescription;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.PrintableText;
import io.millrace.core.serving.Scorer;
import io.millrace.core.serving.XgboostModel;
import io.millrace.core.training.BaselineStatistics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.serving.models.VersionFiles;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a version: the model file that {@code MLmodel} names, or {@code model.ubj} or
 * {@code model.json} without one; and if it has them {@code serving_schema.json}, {@code
 * feature_order.json}, {@code category_mappings.json}, {@code baseline_statistics.json} and {@code
 * golden_batch.json}, beside the model or in its {@code extra_files}. Without a schema the inputs
 * are those of {@code feature_order.json}, of MLmodel's signature or of the model, all numbers that
 * must be given unless they have codes or the signature says otherwise.
 */
final class VersionReader {
  private static final String MLMODEL = "MLmodel";
  private static final String FEATURES = "feature_order.json";
  private static final String EXTRA = "extra_files";

  /** A version may fill this part of the memory: parsed, a file takes several times its size. */
  private static final int PART_OF_MEMORY = 8;

  private final Function<ModelVersion, ArtifactFolder> folders;
  private final long mostBytes;

  /** What may be read and parsed at a time: large files wait for each other, small ones do not. */
  private final Semaphore kibibytes;

  /**
   * Reads nothing yet.
   *
   * @param folders finds the files of a version
   * @param mostBytes the largest file that is read
   */
  VersionReader(Function<ModelVersion, ArtifactFolder> folders, long mostBytes) {
    this.folders = folders;
    this.mostBytes = mostBytes;
    this.kibibytes = new Semaphore(kibibytes(mostBytes));
  }

  private static int kibibytes(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, bytes / 1024 + 1);
  }

  /** The largest file that this process has the memory for. */
  static long mostBytes() {
    return Runtime.getRuntime().maxMemory() / PART_OF_MEMORY;
  }

  /**
   * Reads a version.
   *
   * @throws IllegalArgumentException naming the file that is missing, too large, damaged or
   *     disagrees with another
   * @throws io.temporal.failure.ApplicationFailure if the files cannot be reached
   */
  VersionFiles read(ModelVersion version) {
    Files files = new Files(version, folders.apply(version));
    @Nullable MlmodelFile mlmodel = files.text(MLMODEL).map(MlmodelFile::parse).orElse(null);
    String file = modelFile(files, mlmodel);
    XgboostModel model = model(files, file);
    CategoryMappings mappings =
        files
            .text(CategoryMappings.FILE_NAME)
            .map(VersionReader::mappings)
            .orElseGet(() -> new CategoryMappings(Map.of()));
    @Nullable String golden = files.text(GoldenBatch.FILE_NAME).orElse(null);
    StatedInputs stated =
        new StatedInputs(
            files.text(ModelSchema.FILE_NAME).map(ModelSchema::fromJson).orElse(null),
            files.text(FEATURES).map(FeatureOrder::parse).orElse(null),
            mlmodel == null ? null : mlmodel.signature());
    ModelSchema schema = stated.schema(model.description(), mappings);
    files
        .text(BaselineStatistics.FILE_NAME)
        .ifPresent(text -> BaselineNames.parse(text).requireAgree(schema, mappings));
    return new VersionFiles(schema, mappings, scorer(file, model, mlmodel, golden), golden);
  }

  private static CategoryMappings mappings(String text) {
    JsonText.requireObject(CategoryMappings.FILE_NAME, text)
        .properties()
        .forEach(feature -> requireCodes(feature.getKey(), feature.getValue()));
    return CategoryMappings.fromJson(text);
  }

  private static void requireCodes(String feature, JsonNode codes) {
    boolean whole = codes.isObject();
    for (JsonNode code : codes) {
      whole &= code.canConvertToInt() && code.isIntegralNumber();
    }
    if (!whole) {
      throw new IllegalArgumentException(
          "%s: the codes of '%s' must be an object of values and whole numbers"
              .formatted(CategoryMappings.FILE_NAME, PrintableText.of(feature)));
    }
  }

  private static String modelFile(Files files, @Nullable MlmodelFile mlmodel) {
    if (mlmodel != null) {
      return files.require(mlmodel.modelFile());
    }
    return files.has("model.ubj") || !files.has("model.json")
        ? files.require("model.ubj")
        : "model.json";
  }

  private XgboostModel model(Files files, String file) {
    int size = kibibytes(files.size(file));
    try {
      kibibytes.acquire(size);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistryUnavailableException("Interrupted before " + file + " was read", e);
    }
    try {
      return XgboostModel.read(files.bytes(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    } finally {
      kibibytes.release(size);
    }
  }

  /** With as many rounds as the Python would score with that loads the version. */
  private static Scorer scorer(
      String file, XgboostModel model, @Nullable MlmodelFile mlmodel, @Nullable String golden) {
    ModelDescription description = model.description();
    boolean wrapped = mlmodel == null ? description.wrapped() : mlmodel.isWrapper();
    if (wrapped) {
      return model.scorerOfBestRounds();
    }
    if (description.stoppedEarly() && mlmodel == null && golden == null) {
      throw new IllegalArgumentException(
          "%s stopped early: of its %d rounds the first %d are best, and nothing says which count. Add an MLmodel file, whose model_class says it, or golden_batch.json, or save booster[:%d]"
              .formatted(
                  file, description.rounds(), description.bestRounds(), description.bestRounds()));
    }
    return model.scorer();
  }

  /** What a version has, and where. */
  private final class Files {
    private final ModelVersion version;
    private final ArtifactFolder folder;
    private final Map<String, Long> sizes;
    private final Map<String, String> paths = new HashMap<>();

    Files(ModelVersion version, ArtifactFolder folder) {
      this.version = version;
      this.folder = folder;
      this.sizes = new HashMap<>(folder.files(""));
      sizes.keySet().forEach(name -> paths.put(name, name));
      folder
          .files(EXTRA)
          .forEach(
              (name, size) -> {
                if (sizes.putIfAbsent(name, size) == null) {
                  paths.put(name, EXTRA + "/" + name);
                }
              });
    }

    boolean has(String name) {
      return paths.containsKey(name);
    }

    String require(String name) {
      if (!has(name)) {
        throw new IllegalArgumentException(
            "ModelVersion %s of '%s' has no %s below %s"
                .formatted(
                    version.version(),
                    version.name(),
                    PrintableText.of(name),
                    PrintableText.of(folder.uri(), 200)));
      }
      return name;
    }

    /** A file's size, of those that there is the memory for. */
    long size(String name) {
      long size = sizes.getOrDefault(name, 0L);
      if (size > mostBytes) {
        throw new IllegalArgumentException(
            "%s has %,d bytes, and this process has the memory for %,d at most: give it more with -Xmx, or train a smaller model"
                .formatted(name, size, mostBytes));
      }
      return Math.max(0, size);
    }

    byte[] bytes(String name) {
      long unused = size(name);
      return folder
          .read(paths.getOrDefault(name, name))
          .orElseThrow(() -> new IllegalArgumentException(name + " was there and is gone"));
    }

    Optional<String> text(String name) {
      return has(name) ? Optional.of(new String(bytes(name), UTF_8)) : Optional.empty();
    }
  }
}
