package io.millrace.workers.config;

import io.millrace.engine.payload.EncryptionKeys;
import io.millrace.engine.payload.PayloadOptions;
import java.time.Duration;
import java.util.List;

/**
 * How values travel between runs and tasks. Workers and clients of the same namespace need the same
 * bucket and keys.
 *
 * @param bucket of the S3 store, for large values and memoised results
 * @param options sizes and encryption
 * @param retention how long they are kept there
 * @param codecPort where a worker shows the Web UI what payloads hold; 0 = it does not
 */
public record PayloadsConfig(
    String bucket, PayloadOptions options, Duration retention, int codecPort) {
  private static final String BUCKET = "payloads.bucket";
  private static final String COMPRESS_ABOVE = "payloads.compress-above";
  private static final String STORE_ABOVE = "payloads.store-above";
  private static final String MAX_SIZE = "payloads.max-size";
  private static final String RETENTION = "payloads.retention";
  private static final String KEY_ID = "payloads.encryption-key-id";
  private static final String KEYS_SETTING = "payloads.encryption-keys";
  private static final String CODEC_PORT = "payloads.codec-port";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(BUCKET, "temporal-payloads", "S3 bucket of large values"),
          ConfigKey.optional(
              COMPRESS_ABOVE,
              Integer.toString(PayloadOptions.DEFAULT.compressAbove()),
              "bytes above which a value is compressed"),
          ConfigKey.optional(
              STORE_ABOVE,
              Integer.toString(PayloadOptions.DEFAULT.storeAbove()),
              "bytes above which a compressed value goes to the bucket"),
          ConfigKey.optional(
              MAX_SIZE,
              Integer.toString(PayloadOptions.DEFAULT.maxSize()),
              "bytes above which a value is refused"),
          ConfigKey.optional(
              RETENTION, "P60D", "how long they are kept; more than Temporal keeps histories"),
          ConfigKey.required(KEY_ID, "key that encrypts every value; not set: no encryption"),
          ConfigKey.secret(KEYS_SETTING, "id:BASE64 of 32 bytes each, separated by commas"),
          ConfigKey.optional(
              CODEC_PORT, "0", "port where a worker decodes for the Web UI; 0: it does not"));

  public PayloadsConfig {
    Checks.that(
        bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"), BUCKET, bucket, "a name of a bucket");
    Checks.positive(RETENTION, retention);
    Checks.between(CODEC_PORT, codecPort, 0, 65_535);
  }

  public static PayloadsConfig from(Settings settings) {
    return new PayloadsConfig(
        settings.text(BUCKET),
        options(settings),
        settings.duration(RETENTION),
        settings.integer(CODEC_PORT));
  }

  private static PayloadOptions options(Settings settings) {
    int compressAbove = settings.integer(COMPRESS_ABOVE);
    int storeAbove = settings.integer(STORE_ABOVE);
    int maxSize = settings.integer(MAX_SIZE);
    Checks.between(COMPRESS_ABOVE, compressAbove, 0, Integer.MAX_VALUE);
    Checks.between(STORE_ABOVE, storeAbove, 0, (2 << 20) - 1);
    Checks.between(MAX_SIZE, maxSize, storeAbove, 512 << 20);
    PayloadOptions sizes =
        new PayloadOptions(
            compressAbove,
            storeAbove,
            Math.min(storeAbove, PayloadOptions.DEFAULT.storeAboveInWorkflow()),
            maxSize,
            null);
    return settings
        .find(KEY_ID)
        .map(id -> sizes.withKeys(keys(id, settings.secret(KEYS_SETTING))))
        .orElse(sizes);
  }

  private static EncryptionKeys keys(String current, Secret keys) {
    try {
      return EncryptionKeys.parse(current, keys.value());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(KEYS_SETTING + ": " + e.getMessage());
    }
  }
}
