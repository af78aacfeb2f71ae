package io.millrace.flink.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.AlertRules;
import io.millrace.core.alerts.Cooldown;
import io.millrace.core.alerts.InvalidEvent;
import io.millrace.core.alerts.RateWindow;
import io.millrace.core.alerts.Severity;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RaiseAlertsTest {
  private static final AlertRules RULES =
      new AlertRules(Duration.ofSeconds(10), 5, 2, Duration.ofSeconds(30));
  private static final String SCHEMA = "SCHEMA_VALIDATION_ERROR";

  private KeyedOneInputStreamOperatorTestHarness<String, InvalidEvent, Alert> operator;

  @BeforeEach
  void start() throws Exception {
    operator = operator(1, 0);
    operator.open();
  }

  @AfterEach
  void stop() throws Exception {
    operator.close();
  }

  @Test
  void raisesEachRuleOnceWithinItsCooldownAndCountsWhatItHeldBack() throws Exception {
    invalid("raw", "Field brand is required", 0);
    invalid("raw", "Field brand is required", 1);
    invalid("raw", "Field price is required", 2);
    invalid("cdc", "Field brand is required", 3);
    invalid("raw", "Field brand is required", 30);

    assertThat(alerts())
        .extracting(Alert::kind, Alert::source, Alert::errorMessage, Alert::count)
        .containsExactly(
            tuple(Alert.Kind.EVENT, "raw", "Field brand is required", 1L),
            tuple(Alert.Kind.EVENT, "raw", "Field price is required", 1L),
            tuple(Alert.Kind.EVENT, "cdc", "Field brand is required", 1L),
            tuple(Alert.Kind.EVENT, "raw", "Field brand is required", 2L));
  }

  @Test
  void tellsOfABurstWhileItLastsAndOnce() throws Exception {
    for (int i = 0; i < 20; i++) {
      invalid("raw", "Field brand is required", 100);
    }

    assertThat(alerts())
        .filteredOn(alert -> alert.kind() == Alert.Kind.RATE)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.count()).isEqualTo(5);
              assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            });
  }

  @Test
  void remembersBaselineAndCooldownOverARestartWithMoreSubtasks() throws Exception {
    for (int i = 0; i < 20; i++) {
      invalid("raw", "Field brand is required", 100);
    }
    OperatorSubtaskState state = operator.snapshot(1, 1);
    operator.close();

    int raised = 0;
    for (int subtask = 0; subtask < 4; subtask++) {
      operator = operator(4, subtask);
      operator.initializeState(
          AbstractStreamOperatorTestHarness.repartitionOperatorState(state, 128, 1, 4, subtask));
      operator.open();
      if (isResponsible(subtask)) {
        invalid("raw", "Field brand is required", 101);
      }
      raised += alerts().size();
      operator.close();
    }
    assertThat(raised).isZero();
  }

  @Test
  void goesThroughFlinkWithoutGenericTypes() {
    for (Class<?> type :
        List.of(InvalidEvent.class, Alert.class, RateWindow.class, Cooldown.class)) {
      assertThat(TypeInformation.of(type)).isNotInstanceOf(GenericTypeInfo.class);
    }
  }

  private static boolean isResponsible(int subtask) {
    String key = event("raw", "", 0).kind();
    return KeyGroupRangeAssignment.assignKeyToParallelOperator(key, 128, 4) == subtask;
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, InvalidEvent, Alert> operator(
      int parallelism, int subtask) throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new RaiseAlerts(RULES)),
        InvalidEvent::kind,
        Types.STRING,
        128,
        parallelism,
        subtask);
  }

  private void invalid(String source, String message, long second) throws Exception {
    operator.processElement(event(source, message, second), 0);
  }

  private static InvalidEvent event(String source, String message, long second) {
    return new InvalidEvent(source, SCHEMA, message, second * 1_000, null);
  }

  private List<Alert> alerts() {
    return operator.extractOutputValues();
  }
}
