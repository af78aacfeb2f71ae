package io.millrace.activities.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.TemporalSplit;
import io.millrace.core.tuning.RandomSearch;
import io.millrace.core.tuning.SearchSpace;
import io.millrace.core.tuning.TrialParams;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumableBoosterTest {
  private static final int ROUNDS = 24;
  private static TrialData data;

  @BeforeAll
  static void build() {
    data = newData();
  }

  @AfterAll
  static void free() {
    data.close();
  }

  private static TrialData newData() {
    TrainingTable table = SyntheticPurchases.table(1, 20_000);
    TemporalSplit split = table.split(0.15, 0.15);
    CategoryMappings mappings = table.fitMappings(split.train());
    String[] names = PurchaseDefinition.MODEL.names().toArray(String[]::new);
    return new TrialData(
        Matrix.of(table.features(split.train(), mappings), table.labels(split.train()), names),
        Matrix.of(
            table.features(split.validation(), mappings), table.labels(split.validation()), names));
  }

  private static Map<String, Object> params() {
    return new TrialParams(4, 0.1, 2, 0.6, 0.6, 0.1).asMap();
  }

  private static byte[] uninterrupted(Map<String, Object> params, long seed, TrialData on) {
    try (ResumableBooster booster = ResumableBooster.start(on.train(), params, seed)) {
      while (booster.rounds() < ROUNDS) {
        booster.update(on.train());
        booster.evaluate(on.validation());
      }
      return booster.toBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 7, 12})
  void continuesToTheSameBytesFromAnyRound(int every) {
    byte[] model = null;
    for (int round = 0; round < ROUNDS; round += every) {
      try (TrialData elsewhere = newData();
          ResumableBooster booster =
              model == null
                  ? ResumableBooster.start(elsewhere.train(), params(), 7)
                  : ResumableBooster.resume(model, params(), 7)) {
        while (booster.rounds() < Math.min(ROUNDS, round + every)) {
          booster.update(elsewhere.train());
        }
        model = booster.toBytes();
      }
    }

    assertThat(model).isEqualTo(uninterrupted(params(), 7, data));
  }

  @Test
  void continuesToTheSameBytesForAnyPointOfTheSpace() {
    Random random = new Random(5);
    for (TrialParams trial : RandomSearch.trials(SearchSpace.standard(), 99, 12)) {
      int killedAt = 1 + random.nextInt(ROUNDS - 1);
      byte[] model;
      try (ResumableBooster first = ResumableBooster.start(data.train(), trial.asMap(), 3)) {
        while (first.rounds() < killedAt) {
          first.update(data.train());
        }
        model = first.toBytes();
      }
      try (ResumableBooster second = ResumableBooster.resume(model, trial.asMap(), 3)) {
        while (second.rounds() < ROUNDS) {
          second.update(data.train());
        }
        assertThat(second.toBytes())
            .as("%s killed at round %d", trial, killedAt)
            .isEqualTo(uninterrupted(trial.asMap(), 3, data));
      }
    }
  }

  @Test
  void trainsTrialsSideBySideOnOneMatrixAsOneAfterTheOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (TrialData fresh = newData()) {
      List<Callable<byte[]>> trainings = new ArrayList<>();
      for (long seed = 0; seed < 4; seed++) {
        long own = seed;
        trainings.add(() -> uninterrupted(params(), own, fresh));
      }
      List<Future<byte[]>> models = threads.invokeAll(trainings);

      for (int seed = 0; seed < 4; seed++) {
        assertThat(models.get(seed).get()).isEqualTo(uninterrupted(params(), seed, data));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void samplesRowsAndColumnsAnewInEveryRoundAndBySeed() {
    assertThat(uninterrupted(params(), 1, data)).isNotEqualTo(uninterrupted(params(), 2, data));
  }

  @Test
  void measuresAsOurOwnMetricsDo() {
    TrialParams trial = new TrialParams(3, 0.1, 1, 1, 1, 0);
    TrainingTable table = SyntheticPurchases.table(1, 20_000);
    TemporalSplit split = table.split(0.15, 0.15);
    CategoryMappings mappings = table.fitMappings(split.train());
    try (ResumableBooster booster = ResumableBooster.start(data.train(), trial.asMap(), 1)) {
      for (int i = 0; i < 10; i++) {
        booster.update(data.train());
      }
      double[] theirs = booster.evaluate(data.validation());
      float[] scores =
          new TrainedModel(booster.toBytes(), PurchaseDefinition.MODEL.names(), mappings)
              .scores(table, split.validation());
      var ours = BinaryMetrics.of(scores, table.labels(split.validation()));

      assertThat(theirs[0]).isCloseTo(ours.logloss(), org.assertj.core.api.Assertions.within(1e-6));
      assertThat(theirs[1]).isCloseTo(ours.auc(), org.assertj.core.api.Assertions.within(1e-6));
    }
  }
}
