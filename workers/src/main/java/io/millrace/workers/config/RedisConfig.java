package io.millrace.workers.config;

import java.net.URI;
import java.util.List;

/**
 * The online feature store.
 *
 * @param uri its address; may carry a password, and is masked as a whole when shown
 */
public record RedisConfig(URI uri) {
  private static final String URI_KEY = "redis.uri";

  static final List<ConfigKey> KEYS =
      List.of(new ConfigKey(URI_KEY, "redis://127.0.0.1:6379", true, "the online feature store"));

  public RedisConfig {
    String scheme = uri.getScheme();
    Checks.that(
        "redis".equals(scheme) || "rediss".equals(scheme),
        URI_KEY,
        Secret.MASK,
        "an address that begins with redis:// or rediss://");
  }

  public static RedisConfig from(Settings settings) {
    return new RedisConfig(settings.uri(URI_KEY));
  }

  @Override
  public String toString() {
    return "RedisConfig[uri=" + Secret.MASK + "]";
  }
}
