package io.millrace.workflows.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.millrace.core.features.PurchaseLabel;
import io.millrace.core.training.PromotionGate;
import io.millrace.engine.testing.DagTest;
import io.millrace.workflows.tuning.TuneHyperparameters;
import io.millrace.workflows.tuning.TuneHyperparametersImpl;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.RawValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a run hands to its gate, and what the gate answers. */
class TrainingGateTest {
  private final DagTest dag =
      DagTest.of(TrainingPipelineImpl.class, TuneHyperparametersImpl.class)
          .queue(TuneHyperparameters.TASK_QUEUE);
  private final TrainingFakes fakes = new TrainingFakes();

  @AfterEach
  void close() {
    dag.close();
  }

  private static RawValue json(String text) {
    return new RawValue(
        Payload.newBuilder()
            .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
            .setData(ByteString.copyFromUtf8(text))
            .build());
  }

  @Test
  void theGateSaysInPlainWordsWhatItDecidedAndWhy() {
    fakes.champion(0.56, 0.73, 0.01);
    fakes.on(dag).run(null);
    assertThat(fakes.saved().gate().promote()).isTrue();
    assertThat(fakes.saved().gate().statement())
        .containsExactly(
            "Test part: 1,500 rows, 450 with label 1. Candidate: AUC 0.7500, log loss 0.5500."
                + " Logistic baseline: AUC 0.7000, log loss 0.6000.",
            "Against champion 3, on 1,500 rows of 1,000 sessions, 450 with label 1, that neither"
                + " has learned from: AUC 0.7500 against 0.7300, log loss 0.5500 against 0.5600.",
            "The candidate's AUC is higher by 0.0200; the difference is between +0.0035 and"
                + " +0.0365 with 90 % confidence, and above +0.0035 with 95 %.",
            "Probability that a run promotes a candidate whose AUC is no higher than the"
                + " champion's: at most 5 %. Simulated on these rows with the two models exchanged"
                + " at random, 1,000 times: 4.7 %.",
            "Decision: promote; all 7 rules hold.");

    fakes.champion(0.56, 0.74, 0.01);
    fakes.on(dag).run(null);
    assertThat(fakes.saved().gate().promote()).isFalse();
    assertThat(fakes.saved().gate().statement())
        .contains("Decision: the champion stays, because of 1 of 7 rules.")
        .last()
        .asString()
        .startsWith("better than champion 3: AUC 0.7500 against 0.7400 on 1500 rows");
  }

  @Test
  void anEvaluationOfAnEarlierReleasePromotesNothingOverAChampion() throws Exception {
    String metrics =
        "{\"rows\":1500,\"positives\":450,\"logloss\":0.5,\"auc\":0.8,\"prAuc\":0.5,\"brier\":0.2,"
            + "\"calibrationError\":0.02,\"calibrationNoise\":0.0}";
    String before = "{\"candidate\":%1$s,\"baseline\":%1$s,\"championVersion\":%2$s}";
    PromotionGate gate = new PromotionGate(0, 1, 0.01, 0.1);
    ObjectMapper json = new ObjectMapper();

    GateReport champion =
        GateReport.evaluate(
            gate, json.readValue(before.formatted(metrics, "\"3\""), Evaluation.class));
    GateReport none =
        GateReport.evaluate(
            gate, json.readValue(before.formatted(metrics, "null"), Evaluation.class));

    assertThat(champion.reasons())
        .singleElement()
        .asString()
        .startsWith("better than champion 3: An earlier release evaluated it, without");
    assertThat(none.promote()).isTrue();
  }

  @Test
  void handsTheLabelsHorizonAndTheGatesConfidenceOn() {
    fakes.on(dag).run(Map.of("labelHorizonMinutes", 90, "gate", Map.of("confidence", 0.99)));

    assertThat(fakes.loaded().labelHorizon()).isEqualTo(Duration.ofMinutes(90));
    assertThat(fakes.evaluated().confidence()).isEqualTo(0.99);
  }

  @Test
  void loadsARunOfAnEarlierReleaseWithTheUsualHorizon() throws Exception {
    String before =
        "{\"runKey\":\"x\",\"minRows\":1,\"minPositives\":1,\"validationShare\":0.1,"
            + "\"testShare\":0.1}";

    assertThat(new ObjectMapper().readValue(before, LoadRequest.class).labelHorizon())
        .isEqualTo(PurchaseLabel.HORIZON);
  }

  @Test
  void refusesALimitThatIsNoNumber() {
    for (String wrong : List.of("\"NaN\"", "1e999", "-1", "null")) {
      assertThatThrownBy(
              () -> fakes.on(dag).run(json("{\"gate\": {\"minAucGain\": " + wrong + "}}")))
          .hasStackTraceContaining("minAucGain");
    }
  }
}
