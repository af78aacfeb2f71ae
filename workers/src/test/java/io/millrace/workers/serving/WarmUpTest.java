package io.millrace.workers.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.serving.http.Problem;
import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.RegisteredVersion;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.Scores;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.models.VersionFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final Duration LIMIT = Duration.ofMillis(300);

  private final Registry registry = new Registry();
  private final AtomicInteger lookedUp = new AtomicInteger();
  private final AtomicInteger scored = new AtomicInteger();
  private final WarmUp warmUp = new WarmUp(registry, this::lookUp, this::score);

  @Test
  void asksUntilTheCompilersRest() throws IOException {
    assertThat(warmUp.run(List.of("iris"), Duration.ofMinutes(2)))
        .isGreaterThanOrEqualTo(WarmUp.MIN);
    assertThat(registry.loads.get()).as("versions loaded while it was asked").isGreaterThan(2);
    assertThat(lookedUp.get()).isPositive();
    assertThat(scored.get()).isPositive();
  }

  @Test
  void hasNoModelsWhenItIsOver() {
    RenumberedVersions versions = new RenumberedVersions(registry);
    assertThat(versions.rollout("iris").champion()).startsWith("1 ");
    versions.end();
    assertThatThrownBy(() -> versions.rollout("iris")).hasMessage("The warm-up is over");
  }

  @Test
  void asksNoLongerThanItMay() throws IOException {
    assertThat(warmUp.run(List.of("iris"), LIMIT)).isPositive();
  }

  @Test
  void asksNothingWhileThereIsNoModel() throws IOException {
    assertThat(warmUp.run(List.of(), LIMIT)).isZero();
    assertThat(registry.loads.get()).isZero();
  }

  @Test
  void saysThatTheRegistryIsAway() {
    WarmUp other = new WarmUp(registry, this::lookUp, this::score);
    registry.away = true;
    assertThatThrownBy(() -> other.run(List.of("iris"), LIMIT)).hasMessage("away");
  }

  /** A store that is away: a warm-up goes on without. */
  private CompletableFuture<List<@Nullable OnlineRow>> lookUp(
      List<OnlineKey> keys, Executor threads) {
    int unused = lookedUp.incrementAndGet();
    return CompletableFuture.failedFuture(Problem.unavailable("The online store is away"));
  }

  private Scores score(ServedVersion version, Rows rows) {
    int unused = scored.incrementAndGet();
    return version.score(rows);
  }

  /** One model that Python trained. */
  private static final class Registry implements ModelSource {
    final AtomicInteger loads = new AtomicInteger();
    volatile boolean away;

    @Override
    public Rollout rollout(String model) {
      if (away) {
        throw new RegistryUnavailableException("away");
      }
      return Rollout.of("1");
    }

    @Override
    public RegisteredVersion find(String model, String version) {
      assertThat(version).isEqualTo("1");
      return RegisteredVersion.of("1", this::load);
    }

    private VersionFiles load() {
      int unused = loads.incrementAndGet();
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
  }
}
