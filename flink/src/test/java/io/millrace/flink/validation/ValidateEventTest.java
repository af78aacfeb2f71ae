package io.millrace.flink.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.BadRows;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.LimitEvents;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.core.events.UnavailableValue;
import io.millrace.flink.KafkaConnectors;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ValidateEventTest {
  private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");
  private static final byte[] KEY = "key".getBytes(UTF_8);

  private final EventReader reader = new EventReader();
  private final Event event =
      SyntheticEvents.stream(1, 1, Instant.parse("2019-10-01T00:00:00Z")).findFirst().orElseThrow();

  @Test
  void keysAValidEventByItsSession() {
    ValidationResult judged = judge(KEY, RawEnvelope.of(event));

    assertThat(judged.valid()).isTrue();
    assertThat(judged.key()).asString(UTF_8).isEqualTo(event.userSession());
    assertThat(judged.value()).asString(UTF_8).contains("\"valid\":\"VALID\"");
    assertThat(judged.source()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void explainsABadMessageAndKeepsItsKey(BadRows.Kind kind) {
    ValidationResult judged = judge(KEY, BadRows.of(kind, event, new SplittableRandom(1)));

    assertThat(judged.valid()).isFalse();
    assertThat(judged.key()).isEqualTo(KEY);
    assertThat(judged.source()).isEqualTo("raw");
    assertThat(judged.value())
        .asString(UTF_8)
        .contains("\"valid\":\"INVALID\"")
        .contains(kind.isUnreadable() ? "PROCESSING_ERROR" : "SCHEMA_VALIDATION_ERROR");
  }

  @Test
  void takesAMessageWithoutKeyAndValue() {
    ValidationResult judged = judge(null, null);

    assertThat(judged.valid()).isFalse();
    assertThat(judged.key()).isNull();
    assertThat(judged.value()).asString(UTF_8).contains("message is empty", "\"raw_data\":\"\"");
  }

  @Test
  void cutsAMessageThatIsTooLongAndSaysWhereItIs() {
    byte[] value = "é".repeat(5 << 20).getBytes(UTF_8);

    ValidationResult judged = judge(KEY, value);

    String json = new String(judged.value(), UTF_8);
    assertThat(json)
        .contains("message has 10485760 bytes", "the whole is raw partition 3 offset 42")
        .contains("é")
        .doesNotContain("\uFFFD", "raw_data_base64");
    assertThat(json.length()).isLessThan(ValidateEvent.KEPT_BYTES);
  }

  @Test
  void neverWritesMoreThanATopicTakes() {
    byte[] controls = new byte[EventReader.MAX_BYTES];
    Arrays.fill(controls, (byte) 1);
    byte[] noText = new byte[EventReader.MAX_BYTES];
    Arrays.fill(noText, (byte) 0xFF);
    byte[] longKey = new byte[EventReader.MAX_BYTES + 1];

    for (byte[] value : new byte[][] {controls, noText}) {
      ValidationResult judged = judge(longKey, value);

      assertThat(judged.key()).isNull();
      assertThat(judged.value().length).isLessThan(KafkaConnectors.MAX_MESSAGE_BYTES / 2);
    }
  }

  @Test
  void findsEveryEventAtTheLimitsValidWithinWhatATopicTakes() throws Exception {
    OneInputStreamOperatorTestHarness<RawMessage, ValidationResult> judge =
        new OneInputStreamOperatorTestHarness<>(
            new StreamMap<>(
                new ValidateEvent(Duration.ofMinutes(10), UnavailableValue.STANDARD.text())));
    try {
      judge.open();
      for (Event limit : LimitEvents.all()) {
        judge.processElement(new RawMessage("raw", 3, 42, KEY, RawEnvelope.of(limit)), 0);
      }

      assertThat(judge.extractOutputValues())
          .hasSize(LimitEvents.all().size())
          .allSatisfy(
              judged -> {
                assertThat(judged.valid()).isTrue();
                assertThat(judged.value().length).isLessThan(KafkaConnectors.MAX_MESSAGE_BYTES / 2);
              });
    } finally {
      judge.close();
    }
  }

  @Test
  void turnsAnyBytesIntoOneMessage() {
    SplittableRandom random = new SplittableRandom(7);
    byte[] good = RawEnvelope.of(event);
    for (int i = 0; i < 20_000; i++) {
      byte[] value = good.clone();
      for (int change = 0; change <= i % 3; change++) {
        value[random.nextInt(value.length)] = (byte) random.nextInt(256);
      }

      ValidationResult judged = judge(KEY, value);

      assertThat(judged.valid()).isEqualTo(wasValid(value));
      assertThat(judged.value()).asString(UTF_8).endsWith("}").doesNotContain("\n", "\r");
    }
  }

  private boolean wasValid(byte[] value) {
    return reader.read(value) instanceof io.millrace.core.events.Verdict.Valid;
  }

  @Test
  void goesThroughFlinkWithoutGenericTypes() {
    assertThat(TypeInformation.of(RawMessage.class)).isNotInstanceOf(GenericTypeInfo.class);
    assertThat(TypeInformation.of(ValidationResult.class)).isNotInstanceOf(GenericTypeInfo.class);
  }

  private ValidationResult judge(byte[] key, byte[] value) {
    RawMessage message = new RawMessage("raw", 3, 42, key, value);
    return ValidateEvent.envelope(message, reader.read(value), NOW);
  }
}
