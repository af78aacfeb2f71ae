package io.millrace.workers.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The online feature store.
 *
 * @param uri its address; may carry a password, and is masked as a whole when shown
 * @param timeToLive how long a row of features stays after its last write
 */
public record RedisConfig(URI uri, Duration timeToLive) {
  private static final String URI_KEY = "redis.uri";
  private static final String TIME_TO_LIVE = "features.online-ttl";

  static final List<ConfigKey> KEYS =
      List.of(
          new ConfigKey(URI_KEY, "redis://127.0.0.1:6379", true, "the online feature store"),
          ConfigKey.optional(
              TIME_TO_LIVE, "24h", "how long online features stay after their last write"));

  public RedisConfig {
    String scheme = uri.getScheme();
    Checks.that(
        "redis".equals(scheme) || "rediss".equals(scheme),
        URI_KEY,
        Secret.MASK,
        "an address that begins with redis:// or rediss://");
    Checks.that(timeToLive.toSeconds() >= 1, TIME_TO_LIVE, timeToLive.toString(), "at least 1s");
  }

  public static RedisConfig from(Settings settings) {
    return new RedisConfig(settings.uri(URI_KEY), settings.duration(TIME_TO_LIVE));
  }

  @Override
  public String toString() {
    return "RedisConfig[uri=" + Secret.MASK + ", timeToLive=" + timeToLive + "]";
  }
}
