package io.millrace.serving.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.serving.FakeModels;
import io.millrace.serving.predict.GoldenInstances;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelReloaderTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final FakeModels registry =
      new FakeModels().register("iris", "1", 0.25f, 0.75f).rollOut("iris", Rollout.of("1"));
  private final ModelStore store =
      new ModelStore(
          registry,
          VersionLoader.of(registry, new GoldenInstances()),
          (model, version, alias, took, refused) -> {},
          Clock.systemUTC());
  private final AtomicInteger asked = new AtomicInteger();
  private final ModelReloader reloader = new ModelReloader(store, this::names);

  @AfterEach
  void close() {
    reloader.close();
  }

  private List<String> names() {
    asked.incrementAndGet();
    return registry.models();
  }

  @Test
  void waitsForARegistryThatIsAway() {
    registry.away = true;
    CompletableFuture<Boolean> loaded = CompletableFuture.supplyAsync(() -> reloader.load(LONG));
    await().until(() -> asked.get() > 0);
    assertThat(loaded).isNotDone();

    registry.away = false;

    assertThat(loaded).succeedsWithin(LONG).isEqualTo(true);
    assertThat(store.names()).containsExactly("iris");
    assertThat(reloader.failures()).isEmpty();
  }

  @Test
  void whatIsForgottenIsServedNoMore() {
    assertThat(reloader.load(LONG)).isTrue();
    assertThat(store.require("iris").champion().version()).isEqualTo("1");

    store.forget();

    assertThat(store.names()).isEmpty();
    assertThatThrownBy(() -> store.require("iris")).isInstanceOf(UnknownModelException.class);
  }

  @Test
  void waitsForAModelWhoseArtifactsCannotBeRead() {
    registry.failures.set(1);
    assertThat(reloader.load(LONG)).isTrue();
    assertThat(registry.loads).hasValue(2);
  }

  @Test
  void saysThatTheRegistryDidNotAnswer() {
    registry.away = true;
    assertThat(reloader.load(Duration.ZERO)).isFalse();
    assertThat(reloader.failures()).containsValue("the registry is away");
  }

  @Test
  void doesNotWaitForAVersionThatIsRefused() {
    FakeModels unused = registry.registerDamaged("houses", "1").rollOut("houses", Rollout.of("1"));
    assertThat(reloader.load(LONG)).isTrue();
    assertThat(store.names()).containsExactly("iris");
    assertThat(reloader.failures()).containsOnlyKeys("houses");
  }

  @Test
  void anAnnouncementOfAServedModelAsksForNoOther() {
    assertThat(reloader.load(Duration.ZERO)).isTrue();
    FakeModels unused = registry.register("iris", "2", 0.1f, 0.9f).rollOut("iris", Rollout.of("2"));

    reloader.announced("iris");

    await().until(() -> store.require("iris").champion().version().equals("2"));
    assertThat(asked).hasValue(1);
  }

  @Test
  void anAnnouncementOfANewModelServesItIfItIsWanted() {
    assertThat(reloader.load(Duration.ZERO)).isTrue();
    FakeModels unused =
        registry.register("houses", "1", 0.1f, 0.9f).rollOut("houses", Rollout.of("1"));

    reloader.announced("houses");

    await().until(() -> store.names().contains("houses"));
  }

  @Test
  void aModelThatIsSlowToLoadHoldsUpNoOther() throws Exception {
    CountDownLatch opened = new CountDownLatch(1);
    registry.register("slow", "1", 0.1f, 0.9f).rollOut("slow", Rollout.of("1"));
    registry.slow = new FakeModels.Slow("slow", opened);
    CompletableFuture<Boolean> loaded = CompletableFuture.supplyAsync(() -> reloader.load(LONG));
    await().until(() -> store.names().contains("iris"));
    assertThat(store.names()).doesNotContain("slow");

    FakeModels unused = registry.register("iris", "2", 0.1f, 0.9f).rollOut("iris", Rollout.of("2"));
    reloader.announced("iris");
    await().until(() -> store.require("iris").champion().version().equals("2"));
    assertThat(loaded).isNotDone();

    opened.countDown();
    assertThat(loaded.join()).isTrue();
    assertThat(store.names()).containsExactly("iris", "slow");
  }

  @Test
  void aChangeThatIsAnnouncedWhileTheModelLoadsIsNotMissed() throws Exception {
    assertThat(reloader.load(Duration.ZERO)).isTrue();
    CountDownLatch opened = new CountDownLatch(1);
    registry.register("iris", "2", 0.1f, 0.9f).rollOut("iris", Rollout.of("2"));
    registry.slow = new FakeModels.Slow("iris", opened);
    reloader.announced("iris");
    await().until(() -> registry.loads.get() == 2);

    FakeModels unused = registry.register("iris", "3", 0.3f, 0.9f).rollOut("iris", Rollout.of("3"));
    reloader.announced("iris");
    await().until(() -> asked.get() >= 1);
    opened.countDown();

    await().until(() -> store.require("iris").champion().version().equals("3"));
  }

  @Test
  void theFailureOfAModelGoesWithTheModel() {
    registry.registerDamaged("broken", "1").rollOut("broken", Rollout.of("1"));
    assertThat(reloader.load(Duration.ZERO)).isTrue();
    assertThat(reloader.failures()).containsOnlyKeys("broken");

    registry.delete("broken");

    assertThat(reloader.load(Duration.ZERO)).isTrue();
    assertThat(reloader.failures()).isEmpty();
  }

  @Test
  void anErrorOfOneLoadEndsNoLook() {
    registry.register("broken", "1", 0.1f, 0.9f).rollOut("broken", Rollout.of("1"));
    registry.error = model -> model.equals("broken") ? new StackOverflowError("deep") : null;

    assertThat(reloader.load(Duration.ZERO)).isFalse();

    assertThat(store.names()).containsExactly("iris");
    assertThat(reloader.failures()).containsEntry("broken", "deep");
  }
}
