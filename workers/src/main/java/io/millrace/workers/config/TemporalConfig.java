package io.millrace.workers.config;

import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Where the Temporal server is. The variables {@code TEMPORAL_*} and {@code temporal.toml} are
 * honoured as the Temporal CLI does; see {@link TemporalProfile}.
 *
 * @param target host and port of the frontend
 * @param namespace the namespace of all our workflows
 * @param uiUrl the Web UI, for links
 * @param rpcTimeout longest wait for one answer of the server
 * @param profile TLS, API key and headers
 */
public record TemporalConfig(
    String target, String namespace, URI uiUrl, Duration rpcTimeout, TemporalProfile profile) {
  static final String TARGET = "temporal.target";
  static final String NAMESPACE = "temporal.namespace";
  private static final String UI_URL = "temporal.ui-url";
  private static final String RPC_TIMEOUT = "temporal.rpc-timeout";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(TARGET, "127.0.0.1:7233", "Temporal frontend, host:port"),
          ConfigKey.optional(NAMESPACE, "default", "Temporal namespace"),
          ConfigKey.optional(UI_URL, "http://127.0.0.1:8233", "Temporal Web UI, for links"),
          ConfigKey.optional(RPC_TIMEOUT, "10s", "longest wait for one answer of the server"));

  /** A server that wants neither TLS nor a key. */
  public TemporalConfig(String target, String namespace, URI uiUrl, Duration rpcTimeout) {
    this(target, namespace, uiUrl, rpcTimeout, TemporalProfile.NONE);
  }

  public TemporalConfig {
    Checks.hostAndPort(TARGET, target);
    Checks.notBlank(NAMESPACE, namespace);
    Checks.httpUrl(UI_URL, uiUrl);
    Checks.positive(RPC_TIMEOUT, rpcTimeout);
  }

  public static TemporalConfig from(Settings settings) {
    return new TemporalConfig(
        settings.text(TARGET),
        settings.text(NAMESPACE),
        settings.uri(UI_URL),
        settings.duration(RPC_TIMEOUT),
        settings.temporalProfile());
  }

  /** The Web UI's page of a run. */
  public String runUrl(String runId) {
    return "%s/namespaces/%s/workflows/%s".formatted(uiUrl, encode(namespace), encode(runId));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** How to connect. */
  public WorkflowServiceStubsOptions stubs() {
    return profile.stubs().setTarget(target).setRpcTimeout(rpcTimeout).build();
  }
}
