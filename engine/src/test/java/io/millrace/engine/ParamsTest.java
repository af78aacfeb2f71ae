package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.MillDag;
import io.millrace.engine.toys.MillDag.MillParams;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParamsTest {

  private static final Trip DEFAULTS = new Trip("oats", 3, 0.5, Duration.ofHours(1), List.of(1));

  /** Params with a field of each kind. */
  record Trip(String load, int sacks, double share, Duration limit, List<Integer> stops) {
    Trip {
      if (sacks > 10) {
        throw new IllegalArgumentException("sacks must be at most 10, not " + sacks);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}"})
  void nothingMeansTheDefaults(String input) {
    assertThat(read(input)).isEqualTo(DEFAULTS);
  }

  @Test
  void aFieldThatIsLeftOutHasItsDefault() {
    assertThat(read("{'sacks': 5, 'limit': 'PT2H'}"))
        .isEqualTo(new Trip("oats", 5, 0.5, Duration.ofHours(2), List.of(1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'sack': 5}          | there is no field 'sack'; the fields are [load, sacks, share,"
            + " limit, stops]",
        "{'sacks': 'five'}    | sacks must be a int, but is \"\"five\"\"",
        "{'sacks': '5'}       | sacks must be a int, but is",
        "{'sacks': 5.5}       | sacks must be a int, but is 5.5",
        "{'sacks': null}      | sacks must be a int, but is null",
        "{'sacks': 11}        | sacks must be at most 10, not 11",
        "{'stops': [1, 'x']}  | stops[1] must be a Integer, but is",
        "{'stops': 7}         | stops must be a",
        "{'limit': 'an hour'} | an hour",
        "[1]                  | the input must be one JSON object with the fields [load",
        "7                    | the input must be one JSON object",
        "{                    | the input is not JSON"
      })
  void aWrongFieldIsNamed(String input, String message) {
    assertThatThrownBy(() -> read(input))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo("InvalidParams");
              assertThat(failure.isNonRetryable()).isTrue();
            })
        .hasMessageContaining("Params of trip: ")
        .hasMessageContaining(message.replace("\"\"", "\""));
  }

  @Test
  void wrongParamsEndTheRunAtOnce() {
    try (DagTest mill = DagTest.of(MillDag.Impl.class)) {
      assertThatThrownBy(() -> mill.run(Map.of("sacks", "many")))
          .hasStackTraceContaining("Params of mill: sacks must be a int, but is \"many\"");
      assertThatThrownBy(() -> mill.run(Map.of("sacks", -1)))
          .hasStackTraceContaining("Params of mill: sacks must be 0 or more, not -1");
      assertThatThrownBy(() -> mill.run("abc"))
          .hasStackTraceContaining("the input must be one JSON object with the fields [sacks]");
    }
  }

  @Test
  void showsTheEffectiveParams() {
    assertThat(Params.show(new MillParams(4))).isEqualTo("{\"sacks\":4}");
  }

  private static Trip read(String json) {
    ByteString data = ByteString.copyFromUtf8(json.replace('\'', '"'));
    return Params.read("trip", new RawValue(Payload.newBuilder().setData(data).build()), DEFAULTS);
  }
}
