package io.millrace.workers.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Temporal CLI's variables and file. */
class TemporalProfileTest {
  @TempDir private Path folder;
  private Path toml;

  @BeforeEach
  void write() throws IOException {
    toml = folder.resolve("temporal.toml");
    Files.writeString(
        toml,
        """
        [profile.default]
        address = "plain:7233"

        [profile.cloud]
        address = "shop.example:7233"
        namespace = "shop"
        api_key = "sesame"
        """);
  }

  @Test
  void aChosenProfileBeatsOurFileAndTheEnvironmentBeatsIt() throws IOException {
    Files.writeString(folder.resolve("millrace.properties"), "temporal.target=file:2");
    Map<String, String> chosen =
        Map.of("TEMPORAL_CONFIG_FILE", toml.toString(), "TEMPORAL_PROFILE", "cloud");

    TemporalConfig config = config(chosen);

    assertThat(config.target()).isEqualTo("shop.example:7233");
    assertThat(config.namespace()).isEqualTo("shop");
    assertThat(config.stubs().getEnableHttps()).isTrue();
    assertThat(config.toString()).doesNotContain("sesame").contains("apiKey=****");
    assertThat(
            config(
                    Map.of(
                        "TEMPORAL_CONFIG_FILE",
                        toml.toString(),
                        "TEMPORAL_ADDRESS",
                        "environment:1"))
                .target())
        .isEqualTo("environment:1");
  }

  @Test
  void aProfileThatNobodyChoseIsLeftAlone() {
    assertThat(config(Map.of()).target()).isEqualTo("127.0.0.1:7233");
    assertThat(config(Map.of()).stubs().getEnableHttps()).isFalse();
  }

  @Test
  void tlsIsSwitchedOnByItsVariable() {
    TemporalConfig config = config(Map.of("TEMPORAL_TLS", "true"));

    assertThat(config.stubs().getSslContext() != null || config.stubs().getEnableHttps()).isTrue();
  }

  @Test
  void aProfileOrFileThatDoesNotExistIsNamed() {
    assertThatThrownBy(
            () ->
                config(Map.of("TEMPORAL_CONFIG_FILE", toml.toString(), "TEMPORAL_PROFILE", "clod")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("TEMPORAL_PROFILE=clod");
    assertThatThrownBy(
            () -> config(Map.of("TEMPORAL_CONFIG_FILE", folder.resolve("none.toml").toString())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none.toml");
  }

  private TemporalConfig config(Map<String, String> environment) {
    return TemporalConfig.from(Settings.load(folder, folder, environment));
  }
}
