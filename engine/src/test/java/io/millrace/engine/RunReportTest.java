package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.RunReport.RunState;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunReportTest {
  private static final ObjectMapper MAPPER = JacksonJsonPayloadConverter.newDefaultObjectMapper();
  private static final Instant DATE = Instant.parse("2026-11-21T05:00:00Z");

  @Test
  void hasItsParamsAsJson() throws JsonProcessingException {
    String params = "{\"sacks\":3,\"share\":0.10,\"by\":null}";
    RunReport report = report(params);

    String text = MAPPER.writeValueAsString(report);

    assertThat(text).contains("\"params\":" + params);
    assertThat(MAPPER.readValue(text, RunReport.class)).isEqualTo(report);
  }

  @Test
  void paramsThatAnEarlierBuildWroteAsTextAreRead() throws JsonProcessingException {
    RunReport report = report("{\"sacks\":3}");
    String text =
        MAPPER
            .writeValueAsString(report)
            .replace("\"params\":{\"sacks\":3}", "\"params\":\"{\\\"sacks\\\":3}\"");

    assertThat(MAPPER.readValue(text, RunReport.class)).isEqualTo(report);
  }

  private static RunReport report(String params) {
    return new RunReport(
        "mill", "mill-1", RunState.SUCCESS, DATE, DATE, params, List.of(), List.of(), null);
  }
}
