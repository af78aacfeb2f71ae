package io.millrace.workers.config;

import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the Temporal CLI knows of its server: {@code temporal.toml} and the variables {@code
 * TEMPORAL_*}, read as it reads them. Holds keys, so its text form says only whether there are any.
 */
public final class TemporalProfile {

  /** Nothing is known: no TLS, no key. */
  public static final TemporalProfile NONE =
      new TemporalProfile(ClientConfigProfile.getDefaultInstance(), false);

  private static final List<String> CHOOSES_A_PROFILE =
      List.of("TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE");

  private final ClientConfigProfile profile;
  private final boolean chosen;

  private TemporalProfile(ClientConfigProfile profile, boolean chosen) {
    this.profile = profile;
    this.chosen = chosen;
  }

  /**
   * Reads the variables, and the file that {@code TEMPORAL_CONFIG_FILE} names, or the user's own.
   *
   * @throws ConfigException if the file or the profile does not exist, or cannot be read
   */
  static TemporalProfile load(Map<String, String> environment) {
    boolean chosen = CHOOSES_A_PROFILE.stream().anyMatch(environment::containsKey);
    String file = environment.get("TEMPORAL_CONFIG_FILE");
    if (file != null && !Files.isRegularFile(Path.of(file))) {
      throw new ConfigException("TEMPORAL_CONFIG_FILE: there is no file " + file);
    }
    try {
      return new TemporalProfile(
          ClientConfigProfile.load(
              LoadClientConfigProfileOptions.newBuilder()
                  .setEnvOverrides(environment)
                  .setDisableFile(!chosen)
                  .build()),
          chosen);
    } catch (IOException | RuntimeException e) {
      throw new ConfigException(
          "The Temporal profile"
              + CHOOSES_A_PROFILE.stream()
                  .filter(environment::containsKey)
                  .map(name -> " " + name + "=" + environment.get(name))
                  .reduce("", String::concat)
              + " cannot be read: "
              + e.getMessage());
    }
  }

  /** The address and namespace of a profile that somebody chose, as our settings name them. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    if (chosen) {
      put(settings, TemporalConfig.TARGET, profile.getAddress());
      put(settings, TemporalConfig.NAMESPACE, profile.getNamespace());
    }
    return settings;
  }

  private static void put(Map<String, String> settings, String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      settings.put(name, value);
    }
  }

  /** Options with its TLS, API key and headers. */
  WorkflowServiceStubsOptions.Builder stubs() {
    return WorkflowServiceStubsOptions.newBuilder(profile.toWorkflowServiceStubsOptions());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TemporalProfile that && profile.equals(that.profile);
  }

  @Override
  public int hashCode() {
    return Objects.hash(profile);
  }

  @Override
  public String toString() {
    return "TemporalProfile[tls=%s, apiKey=%s]"
        .formatted(
            profile.getTls() != null && !Boolean.TRUE.equals(profile.getTls().isDisabled()),
            profile.getApiKey() == null ? "none" : Secret.MASK);
  }
}
