package io.millrace.workers.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.VersionFiles;
import io.millrace.serving.models.VersionLoader;
import io.millrace.serving.predict.GoldenInstances;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final Duration LIMIT = Duration.ofMillis(300);

  private final Registry registry = new Registry();
  private final ModelStore models =
      new ModelStore(
          registry,
          VersionLoader.of(registry, new GoldenInstances()),
          (model, version, alias, took, refused) -> {},
          Clock.systemUTC());

  @Test
  void asksUntilTheCompilersRest() throws IOException {
    models.refresh("iris");
    assertThat(WarmUp.run(models, Duration.ofMinutes(2)))
        .isGreaterThanOrEqualTo(WarmUp.ROUNDS * WarmUp.LEAST);
  }

  @Test
  void asksNoLongerThanItMay() throws IOException {
    models.refresh("iris");
    assertThat(WarmUp.run(models, LIMIT)).isPositive();
  }

  @Test
  void asksNothingWhileThereIsNoModel() throws IOException {
    assertThat(WarmUp.run(models, LIMIT)).isZero();
  }

  /** One model that Python trained. */
  private static final class Registry implements ModelSource {
    @Override
    public Rollout rollout(String model) {
      return Rollout.of("1");
    }

    @Override
    public VersionFiles load(String model, String version) {
      try {
        byte[] iris = Files.readAllBytes(Path.of("../core/src/test/resources/serving/iris.ubj"));
        List<String> inputs = List.of("a", "b", "c", "d");
        return new VersionFiles(
            ModelSchema.numbers(inputs), new CategoryMappings(Map.of()), Scorer.read(iris), null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<String> models() {
      return List.of("iris");
    }

    @Override
    public void promote(String model, String version) {
      throw new UnsupportedOperationException("there is one version");
    }

    @Override
    public void shareCanary(String model, double share) {
      throw new UnsupportedOperationException("there is one version");
    }
  }
}
