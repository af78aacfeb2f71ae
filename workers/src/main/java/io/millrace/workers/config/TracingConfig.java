package io.millrace.workers.config;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the traces of serving go. The names are OpenTelemetry's own, so that its environment
 * variables ({@code OTEL_EXPORTER_OTLP_ENDPOINT} …) are ours; those that are not here, such as
 * {@code OTEL_RESOURCE_ATTRIBUTES}, hold as well, in the environment alone.
 *
 * @param exporter {@code otlp}, or {@code none} for no traces
 * @param endpoint the collector, to whose address {@code /v1/traces} is added; empty = see next
 * @param tracesEndpoint the whole address for traces; empty, and the other too = no traces
 * @param headers of each request to it, {@code name=value} with commas between
 * @param serviceName who the spans say that we are
 * @param sampler which requests are traced
 * @param samplerArgument for a sampler by ratio, the part of them
 */
public record TracingConfig(
    String exporter,
    Optional<URI> endpoint,
    Optional<URI> tracesEndpoint,
    Optional<Secret> headers,
    String serviceName,
    String sampler,
    String samplerArgument) {
  private static final String EXPORTER = "otel.traces.exporter";
  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
  private static final String TRACES_ENDPOINT = "otel.exporter.otlp.traces.endpoint";
  private static final String HEADERS = "otel.exporter.otlp.headers";
  private static final String SERVICE_NAME = "otel.service.name";
  private static final String SAMPLER = "otel.traces.sampler";
  private static final String SAMPLER_ARGUMENT = "otel.traces.sampler.arg";
  private static final String OTLP = "otlp";
  private static final String NONE = "none";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(
              ENDPOINT, "", "OTLP/HTTP collector of serving's traces; empty: no traces"),
          ConfigKey.optional(TRACES_ENDPOINT, "", "the same with its path, …/v1/traces"),
          ConfigKey.secret(HEADERS, "headers for the collector, name=value with commas between"),
          ConfigKey.optional(EXPORTER, OTLP, "none: no traces, although there is a collector"),
          ConfigKey.optional(SERVICE_NAME, "millrace-serving", "who sends the traces"),
          ConfigKey.optional(
              SAMPLER,
              "parentbased_always_on",
              "which requests are traced; parentbased_traceidratio: a part"),
          ConfigKey.optional(SAMPLER_ARGUMENT, "1.0", "the part of them, 0 to 1"));

  public TracingConfig {
    Checks.that(
        exporter.equals(OTLP) || exporter.equals(NONE), EXPORTER, exporter, OTLP + " or " + NONE);
    endpoint.ifPresent(uri -> Checks.httpUrl(ENDPOINT, uri));
    tracesEndpoint.ifPresent(uri -> Checks.httpUrl(TRACES_ENDPOINT, uri));
    Checks.notBlank(SERVICE_NAME, serviceName);
  }

  public static TracingConfig from(Settings settings) {
    return new TracingConfig(
        settings.text(EXPORTER),
        uri(settings, ENDPOINT),
        uri(settings, TRACES_ENDPOINT),
        settings.find(HEADERS).map(Secret::new),
        settings.text(SERVICE_NAME),
        settings.text(SAMPLER),
        settings.text(SAMPLER_ARGUMENT));
  }

  private static Optional<URI> uri(Settings settings, String name) {
    return settings.find(name).map(unused -> settings.uri(name));
  }

  /** Whether there are traces. */
  public boolean isOn() {
    return exporter.equals(OTLP) && (endpoint.isPresent() || tracesEndpoint.isPresent());
  }

  /** The settings by their names, secrets too. */
  public Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    properties.put(EXPORTER, exporter);
    endpoint.ifPresent(uri -> properties.put(ENDPOINT, uri.toString()));
    tracesEndpoint.ifPresent(uri -> properties.put(TRACES_ENDPOINT, uri.toString()));
    headers.ifPresent(secret -> properties.put(HEADERS, secret.value()));
    properties.put(SERVICE_NAME, serviceName);
    properties.put(SAMPLER, sampler);
    properties.put(SAMPLER_ARGUMENT, samplerArgument);
    return Map.copyOf(properties);
  }
}
