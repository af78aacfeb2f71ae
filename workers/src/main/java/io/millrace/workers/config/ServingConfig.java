package io.millrace.workers.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The HTTP server for predictions and features.
 *
 * @param host the address it listens on
 * @param port its port; with several replicas that of the proxy, theirs follow
 * @param sharePort whether one that takes over may listen on it, too
 * @param models the registered models it serves; empty = all that have an alias {@code champion}
 * @param pollInterval how often it looks at the registry, besides being told
 * @param withdrawAfter how long a model is served after the registry has it no more
 * @param featuresTimeout how long the online store may take
 * @param inferenceModel the one behind {@code POST /inference}
 * @param keysFile who may ask, see {@code io.millrace.serving.http.ApiKeys}; empty = everybody
 * @param requestsPerSecond of each key; 0 = as many as it likes
 * @param corsOrigins pages of which browsers may ask
 * @param preStop how long it still answers after it has said that it is not ready any more
 * @param warmUp how long at most it asks itself for predictions before it listens
 * @param warmUpProcessors how many processors it may use until then; 0 = all
 * @param keystore PKCS12 file for TLS; empty = plain HTTP
 * @param keystorePassword its password
 */
public record ServingConfig(
    String host,
    int port,
    boolean sharePort,
    List<String> models,
    Duration pollInterval,
    Duration withdrawAfter,
    Duration featuresTimeout,
    String inferenceModel,
    Optional<Path> keysFile,
    int requestsPerSecond,
    List<String> corsOrigins,
    Duration preStop,
    Duration warmUp,
    int warmUpProcessors,
    Optional<Path> keystore,
    Optional<Secret> keystorePassword) {
  private enum SharedPort {
    ON,
    OFF
  }

  private static final String HOST = "serving.host";
  private static final String PORT = "serving.port";
  private static final String SHARE_PORT = "serving.share-port";
  private static final String MODELS = "serving.models";
  private static final String POLL_INTERVAL = "serving.poll-interval";
  private static final String WITHDRAW_AFTER = "serving.withdraw-after";
  private static final String FEATURES_TIMEOUT = "serving.features-timeout";
  private static final String INFERENCE_MODEL = "serving.inference-model";
  private static final String KEYS_FILE = "serving.keys-file";
  private static final String REQUESTS_PER_SECOND = "serving.requests-per-second";
  private static final String CORS_ORIGINS = "serving.cors-origins";
  private static final String PRE_STOP = "serving.pre-stop";
  private static final String WARM_UP = "serving.warm-up";
  private static final String WARM_UP_PROCESSORS = "serving.warm-up-processors";
  private static final String KEYSTORE = "serving.tls-keystore";
  private static final String KEYSTORE_PASSWORD = "serving.tls-password";
  private static final String ALL = "*";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(HOST, "127.0.0.1", "address of the HTTP server for predictions"),
          ConfigKey.optional(PORT, "8000", "its port; replicas have those that follow"),
          ConfigKey.optional(
              SHARE_PORT, "off", "on: the server that takes over may listen on it, too"),
          ConfigKey.optional(MODELS, ALL, "models it serves, or * for all with a champion"),
          ConfigKey.optional(POLL_INTERVAL, "10s", "how often it looks at the model registry"),
          ConfigKey.optional(
              WITHDRAW_AFTER, "60s", "how long it serves a model that the registry has no more"),
          ConfigKey.optional(
              FEATURES_TIMEOUT, "500ms", "how long the online store may take for a request"),
          ConfigKey.optional(
              INFERENCE_MODEL, "iris_xgboost_classifier", "the model behind POST /inference"),
          ConfigKey.optional(KEYS_FILE, "", "file of API keys (docs/serving.md); empty: no keys"),
          ConfigKey.optional(
              REQUESTS_PER_SECOND, "0", "most requests a second of one API key; 0: no limit"),
          ConfigKey.optional(
              CORS_ORIGINS, "", "origins whose pages may ask from a browser; * for all"),
          ConfigKey.optional(
              PRE_STOP, "0s", "how long it still answers after it stopped being ready"),
          ConfigKey.optional(WARM_UP, "0s", "how long at most it warms up before it listens"),
          ConfigKey.optional(WARM_UP_PROCESSORS, "0", "processors it may use until then; 0: all"),
          ConfigKey.optional(KEYSTORE, "", "PKCS12 file for TLS; empty: plain HTTP"),
          ConfigKey.secret(KEYSTORE_PASSWORD, "its password"));

  public ServingConfig {
    models = List.copyOf(models);
    corsOrigins = List.copyOf(corsOrigins);
    Checks.between(REQUESTS_PER_SECOND, requestsPerSecond, 0, 1_000_000);
    Checks.between(WARM_UP_PROCESSORS, warmUpProcessors, 0, 10_000);
    Checks.notBlank(HOST, host);
    Checks.between(PORT, port, 0, 65_535);
    Checks.positive(POLL_INTERVAL, pollInterval);
    Checks.that(!withdrawAfter.isNegative(), WITHDRAW_AFTER, withdrawAfter, "0 or longer");
    Checks.positive(FEATURES_TIMEOUT, featuresTimeout);
  }

  public static ServingConfig from(Settings settings) {
    String models = settings.text(MODELS);
    settings
        .find(KEYSTORE)
        .ifPresent(
            file ->
                Checks.keystore(
                    KEYSTORE,
                    Path.of(file),
                    KEYSTORE_PASSWORD,
                    settings.find(KEYSTORE_PASSWORD).orElse("")));
    return new ServingConfig(
        settings.text(HOST),
        settings.integer(PORT),
        settings.oneOf(SHARE_PORT, SharedPort.class) == SharedPort.ON,
        models.equals(ALL) ? List.of() : list(models),
        settings.duration(POLL_INTERVAL),
        settings.duration(WITHDRAW_AFTER),
        settings.duration(FEATURES_TIMEOUT),
        settings.text(INFERENCE_MODEL),
        settings.find(KEYS_FILE).map(Path::of),
        settings.integer(REQUESTS_PER_SECOND),
        settings.find(CORS_ORIGINS).map(ServingConfig::list).orElse(List.of()),
        settings.duration(PRE_STOP),
        settings.duration(WARM_UP),
        settings.integer(WARM_UP_PROCESSORS),
        settings.find(KEYSTORE).map(Path::of),
        settings.find(KEYSTORE_PASSWORD).map(Secret::new));
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).toList();
  }
}
