package io.millrace.workers.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a worker tells OpenLineage what its runs make.
 *
 * @param url where events are posted, or null for no lineage
 * @param namespace of the jobs
 * @param apiKey sent as a bearer token, or null
 */
public record LineageConfig(@Nullable URI url, String namespace, @Nullable Secret apiKey) {
  private static final String URL = "lineage.url";
  private static final String NAMESPACE = "lineage.namespace";
  private static final String API_KEY = "lineage.api-key";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.required(URL, "OpenLineage endpoint, …/api/v1/lineage; not set: no lineage"),
          ConfigKey.optional(NAMESPACE, "millrace", "namespace of jobs in lineage"),
          ConfigKey.secret(API_KEY, "bearer token of the endpoint, if it wants one"));

  public LineageConfig {
    if (url != null) {
      Checks.httpUrl(URL, url);
    }
    Checks.notBlank(NAMESPACE, namespace);
  }

  public static LineageConfig from(Settings settings) {
    return new LineageConfig(
        settings.find(URL).map(LineageConfig::uri).orElse(null),
        settings.text(NAMESPACE),
        settings.find(API_KEY).map(Secret::new).orElse(null));
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new ConfigException(URL + " must be an address, but is not: " + e.getReason());
    }
  }
}
