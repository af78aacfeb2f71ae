package io.millrace.workers.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracingConfigTest {
  private static final String ENDPOINT = "http://collector:4318";

  @TempDir Path folder;

  private TracingConfig config(Map<String, String> environment) {
    return TracingConfig.from(Settings.load(folder, folder, environment));
  }

  @Test
  void isOffUntilThereIsACollector() {
    assertThat(config(Map.of()).isOn()).isFalse();
    assertThat(config(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "")).isOn()).isFalse();
    assertThat(config(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", ENDPOINT)).isOn()).isTrue();
    assertThat(config(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", ENDPOINT + "/v1/traces")).isOn())
        .isTrue();
    assertThat(
            config(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", ENDPOINT, "OTEL_TRACES_EXPORTER", "none"))
                .isOn())
        .isFalse();
  }

  @Test
  void passesTheSettingsOnUnderTheirStandardNames() throws Exception {
    Files.writeString(
        folder.resolve("millrace.properties"),
        """
        otel.exporter.otlp.endpoint=http://collector:4318
        otel.exporter.otlp.headers=api-key=sesame
        otel.traces.sampler=parentbased_traceidratio
        otel.traces.sampler.arg=0.5
        """);

    TracingConfig config = config(Map.of("OTEL_TRACES_SAMPLER_ARG", "0.1"));

    assertThat(config.properties())
        .isEqualTo(
            Map.of(
                "otel.traces.exporter", "otlp",
                "otel.exporter.otlp.endpoint", ENDPOINT,
                "otel.exporter.otlp.headers", "api-key=sesame",
                "otel.service.name", "millrace-serving",
                "otel.traces.sampler", "parentbased_traceidratio",
                "otel.traces.sampler.arg", "0.1"));
    assertThat(config.toString()).doesNotContain("sesame");
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_ENDPOINT, collector:4318, an address like http://host:port",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, ftp://collector, an address like http://host:port",
    "OTEL_TRACES_EXPORTER, zipkin, otlp or none",
    "OTEL_EXPORTER_OTLP_ENDPOINTS, http://collector, did you mean OTEL_EXPORTER_OTLP_ENDPOINT?"
  })
  void refusesWhatItCannotUse(String variable, String value, String said) {
    assertThatThrownBy(() -> config(Map.of(variable, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(said);
  }

  @Test
  void takesNoOtherStandardVariableForATypingError() {
    Map<String, String> environment = new HashMap<>();
    for (String name :
        """
        OTEL_SDK_DISABLED OTEL_RESOURCE_ATTRIBUTES OTEL_PROPAGATORS OTEL_LOG_LEVEL OTEL_BSP_SCHEDULE_DELAY
        OTEL_BSP_EXPORT_TIMEOUT OTEL_BSP_MAX_QUEUE_SIZE OTEL_BSP_MAX_EXPORT_BATCH_SIZE OTEL_METRICS_EXPORTER
        OTEL_LOGS_EXPORTER OTEL_EXPORTER_OTLP_PROTOCOL OTEL_EXPORTER_OTLP_TRACES_PROTOCOL
        OTEL_EXPORTER_OTLP_TIMEOUT OTEL_EXPORTER_OTLP_TRACES_TIMEOUT OTEL_EXPORTER_OTLP_COMPRESSION
        OTEL_EXPORTER_OTLP_TRACES_COMPRESSION OTEL_EXPORTER_OTLP_CERTIFICATE OTEL_EXPORTER_OTLP_INSECURE
        OTEL_EXPORTER_OTLP_TRACES_HEADERS OTEL_EXPORTER_OTLP_METRICS_ENDPOINT OTEL_EXPORTER_OTLP_LOGS_ENDPOINT
        OTEL_EXPORTER_OTLP_METRICS_HEADERS OTEL_EXPORTER_OTLP_LOGS_HEADERS OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT
        """
            .split("\\s+")) {
      environment.put(name, "1");
    }

    assertThat(config(environment).isOn()).isFalse();
  }
}
