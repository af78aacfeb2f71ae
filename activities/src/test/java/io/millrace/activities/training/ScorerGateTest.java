package io.millrace.activities.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.PipelineException;
import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.training.TemporalSplit;
import io.millrace.core.tuning.TrialParams;
import io.millrace.workflows.PipelineFailure;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ScorerGateTest {
  private static byte[] ubj;
  private static String json;
  private static float[] rows;
  private static int count;

  @BeforeAll
  static void train() {
    TrainingTable table = SyntheticPurchases.table(1, 20_000);
    TemporalSplit split = table.split(0.15, 0.15);
    var mappings = table.fitMappings(split.train());
    rows = table.features(split.test(), mappings);
    count = split.test().length;
    Map<String, Object> params = new TrialParams(4, 0.3, 2, 1, 1, 0.1).asMap();
    try (Matrix train =
            Matrix.of(
                table.features(split.train(), mappings),
                table.labels(split.train()),
                PurchaseDefinition.MODEL.names().toArray(String[]::new));
        ResumableBooster booster = ResumableBooster.start(train, params, 7)) {
      for (int i = 0; i < 20; i++) {
        booster.update(train);
      }
      ubj = booster.toBytes();
      json = new String(booster.toJson(), UTF_8);
    }
  }

  private static void assertRefused(byte[] served, String message) {
    assertThatThrownBy(() -> ScorerGate.check(ubj, served, rows, count))
        .isInstanceOfSatisfying(
            PipelineException.class,
            failure -> {
              assertThat(failure.failure()).isEqualTo(PipelineFailure.SCORER_DISAGREES);
              assertThat(failure.getMessage()).contains(message);
            });
  }

  @Test
  void measuresThatTheTwoAgree() {
    assertThat(ScorerGate.check(ubj, json.getBytes(UTF_8), rows, count)).isLessThanOrEqualTo(1e-6);
    assertThat(ScorerGate.check(ubj, ubj, rows, count)).isLessThanOrEqualTo(1e-6);
  }

  @Test
  void refusesAModelThatServingScoresOtherwise() {
    String other = json.replaceFirst("\"base_score\":\"[^\"]*\"", "\"base_score\":\"2.5E-1\"");

    assertThat(other).isNotEqualTo(json);
    assertRefused(other.getBytes(UTF_8), "Serving's scorer gives");
  }

  @Test
  void seesAWrongDefaultDirectionThoughNoTestRowLacksAValue() {
    String flipped = json.replace("\"default_left\":[0,", "\"default_left\":[9,");
    flipped = flipped.replace("\"default_left\":[1,", "\"default_left\":[0,");
    flipped = flipped.replace("\"default_left\":[9,", "\"default_left\":[1,");

    assertThat(flipped).isNotEqualTo(json);
    assertRefused(flipped.getBytes(UTF_8), "some of its values missing");
  }

  @Test
  void refusesAModelThatServingCannotScore() {
    assertRefused(
        json.replace("binary:logistic", "survival:aft").getBytes(UTF_8),
        "Serving cannot score this model, so it is not registered: Objective 'survival:aft'");
    assertRefused(
        json.replace("\"num_feature\":\"6\"", "\"num_feature\":\"7\"").getBytes(UTF_8),
        "takes 7 features");
  }

  @Test
  void takesABoundedSampleSpreadOverAllRows() {
    assertThat(ScorerGate.sample(new int[] {5, 7, 9})).containsExactly(5, 7, 9);
    int[] sample = ScorerGate.sample(IntStream.range(0, 25_000).toArray());
    assertThat(sample).hasSize(10_000).startsWith(0, 2, 5).endsWith(24_997);
    assertThat(ScorerGate.sample(new int[0])).isEmpty();
  }
}
