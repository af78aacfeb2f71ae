package io.millrace.activities.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.registry.FakeMlflow.Answer;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.RegistryRefusedException;
import io.millrace.core.registry.RegistryUnavailableException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who says that something is not there, and where the files of a version are. */
class MlflowRegistryTest {
  private static final String VERSION = "/api/2.0/mlflow/model-versions/get?name=shop&version=3";
  private static final String DOWNLOAD =
      "mlflow/model-versions/get-download-uri?name=%s&version=%s";
  private static final String FILES = "mlflow-artifacts/artifacts";

  private final FakeMlflow mlflow = new FakeMlflow();
  private final MlflowRegistry registry = new MlflowRegistry(mlflow.config());

  @AfterEach
  void stop() {
    mlflow.close();
  }

  private static ModelVersion version(String source) {
    return new ModelVersion("shop", "3", "run", source, Map.of(), 1, 2);
  }

  private static AbstractThrowableAssert<?, ?> requireNoAnswer(ThrowingCallable question) {
    return assertThatThrownBy(question).isInstanceOf(RegistryUnavailableException.class);
  }

  private static AbstractThrowableAssert<?, RegistryRefusedException> requireRefusal(
      ThrowingCallable question) {
    return assertThatThrownBy(question)
        .asInstanceOf(InstanceOfAssertFactories.throwable(RegistryRefusedException.class));
  }

  @Test
  void onlyMlflowsOwnWordMeansThatSomethingIsNotThere() {
    mlflow.answers.put(VERSION, FakeMlflow.NOT_THERE);

    assertThat(registry.findVersion("shop", "3")).isEmpty();
    assertThat(registry.model("shop")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | text/html | <h1>Not Found</h1><p>nginx</p>",
        "404 | application/json | {\"detail\": \"no route\"}",
        "404 | application/json | ''",
        "500 | application/json | {\"error_code\": \"INTERNAL_ERROR\", \"message\": \"not found\"}",
        "503 | text/html | RESOURCE_DOES_NOT_EXIST",
        "429 | text/plain | slow down"
      })
  void otherErrorsAreNoAnswer(int status, String type, String body) {
    mlflow.answers.put(VERSION, new Answer(status, type, body));

    requireNoAnswer(() -> registry.findVersion("shop", "3"))
        .hasMessageContaining("gave no answer to 'find shop version 3'")
        .hasMessageContaining(Integer.toString(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403})
  void refusalsSayTheirStatus(int status) {
    mlflow.answers.put(VERSION, new Answer(status, "text/plain", "no\u001b[31m\u0000 entry"));

    requireRefusal(() -> registry.findVersion("shop", "3"))
        .matches(refused -> refused.isAboutAccess() == Set.of(401, 403, 407).contains(status))
        .hasMessageContaining("with status " + status + ": no\\u001b[31m\\u0000 entry");
  }

  @Test
  void noConnectionIsNoAnswer() {
    mlflow.close();

    requireNoAnswer(() -> registry.model("shop"));
  }

  @Test
  void aBodyWhoseEndNeverComesIsNoAnswer() {
    mlflow.withoutEnd("mlflow/model-versions/get?name=shop&version=3");
    MlflowConfig config = new MlflowConfig(mlflow.config().trackingUri(), Duration.ofSeconds(1));

    requireNoAnswer(() -> new MlflowRegistry(config).findVersion("shop", "3"))
        .hasMessageContaining("no whole answer within PT1S");
  }

  @Test
  void anAnswerThatIsNotJsonIsToldInPlainWords() {
    mlflow.answers.put(VERSION, new Answer(200, "application/json", "{\"model_version\": \u0007}"));

    requireNoAnswer(() -> registry.findVersion("shop", "3"))
        .hasMessageContaining("it is not valid JSON at line 1, column 20")
        .hasMessageNotContaining("Source");
  }

  @Test
  void anAliasThatIsNotThereIsNone() {
    String path = "/api/2.0/mlflow/registered-models/alias?name=shop&alias=champion";
    mlflow.answers.put(
        path,
        new Answer(
            400,
            "application/json",
            "{\"error_code\": \"INVALID_PARAMETER_VALUE\", \"message\": \"Registered model alias"
                + " champion not found.\"}"));

    assertThat(registry.byAlias("shop", "champion")).isEmpty();
  }

  private void requireReads(ModelVersion version, String path) {
    mlflow.with(
        FILES + "?path=" + URLEncoder.encode(path, UTF_8),
        "{\"files\": [{\"path\": \"model.ubj\", \"is_dir\": false, \"file_size\": 5}, {\"path\":"
            + " \"sub\", \"is_dir\": true}]}");
    mlflow.with(FILES + "/" + path.replace(" ", "%20") + "/model.ubj", "bytes");

    ArtifactFolder folder = registry.artifacts(version);

    assertThat(folder.files("")).containsExactly(Map.entry("model.ubj", 5L));
    assertThat(folder.read("model.ubj")).hasValue("bytes".getBytes(UTF_8));
    assertThat(folder.read("nothing")).isEmpty();
  }

  @Test
  void readsWhatTheServerHandsThrough() {
    requireReads(version("mlflow-artifacts:/1/run/artifacts/model"), "1/run/artifacts/model");
    assertThat(mlflow.asked).noneMatch(asked -> asked.contains("get-download-uri"));
  }

  @Test
  void readsFoldersWithSpaces() {
    requireReads(version("mlflow-artifacts:/1/run/artifacts/my model"), "1/run/artifacts/my model");
    requireReads(
        version("mlflow-artifacts:/1/run/artifacts/my%20model"), "1/run/artifacts/my model");
  }

  @ParameterizedTest
  @CsvSource({
    "my model, my%20model",
    "my%20model, my%20model",
    "50% off, 50%25%20off",
    "a%zz, a%25zz",
    "prix été, prix%20%C3%A9t%C3%A9",
    "a?b#c, a%3Fb%23c",
    "a+b=c@d, a+b=c@d"
  })
  void escapesAsMlflowsClientDoes(String path, String escaped) {
    assertThat(ProxiedArtifacts.encoded(path)).isEqualTo(escaped);
  }

  @Test
  void readsThroughTheServersOwnAddress() {
    String own = mlflow.config().trackingUri().toString();

    requireReads(
        version(own.replace("http:", "mlflow-artifacts:") + "/1/run/artifacts/model"),
        "1/run/artifacts/model");
    requireReads(
        version(own + "/api/2.0/mlflow-artifacts/artifacts/1/run/artifacts/model"),
        "1/run/artifacts/model");
  }

  @Test
  void followsALoggedModelOfMlflow3() {
    mlflow.with(
        DOWNLOAD.formatted("shop", "3"),
        "{\"artifact_uri\": \"mlflow-artifacts:/1/models/m-1/artifacts\"}");
    requireReads(version("models:/m-1"), "1/models/m-1/artifacts");
  }

  @Test
  void followsALoggedModelThatTheVersionDoesNotLeadTo() {
    mlflow.with(DOWNLOAD.formatted("shop", "3"), "{\"artifact_uri\": \"models:/m-1\"}");
    mlflow.with(
        "mlflow/logged-models/m-1",
        "{\"model\": {\"info\": {\"artifact_uri\":"
            + " \"mlflow-artifacts:/1/models/m-1/artifacts\"}}}");
    requireReads(version("models:/m-1"), "1/models/m-1/artifacts");
  }

  @Test
  void followsACopiedVersion() {
    mlflow.with(DOWNLOAD.formatted("shop", "3"), "{\"artifact_uri\": \"models:/other/7\"}");
    mlflow.with(
        DOWNLOAD.formatted("other", "7"),
        "{\"artifact_uri\": \"mlflow-artifacts:/2/run/artifacts/model\"}");
    requireReads(version("models:/other/7"), "2/run/artifacts/model");
  }

  @Test
  void goesRoundInNoCircles() {
    mlflow.with(DOWNLOAD.formatted("shop", "3"), "{\"artifact_uri\": \"models:/shop/3\"}");

    requireRefusal(() -> registry.artifacts(version("models:/shop/3")))
        .matches(refused -> !refused.isAboutAccess())
        .hasMessageContaining("leads through more than 8 other versions");
  }

  private FakeMlflow withRun() {
    mlflow.with(DOWNLOAD.formatted("shop", "3"), "{\"artifact_uri\": \"runs:/r1/model\"}");
    return mlflow.with(
        "mlflow/runs/get?run_id=r1",
        "{\"run\": {\"info\": {\"experiment_id\": \"1\", \"artifact_uri\":"
            + " \"mlflow-artifacts:/1/r1/artifacts\"}}}");
  }

  @Test
  void followsARunToTheModelThatItLogged() {
    withRun()
        .with(
            "mlflow/logged-models/search",
            "{\"models\": [{\"info\": {\"source_run_id\": \"r0\", \"artifact_uri\":"
                + " \"mlflow-artifacts:/1/models/m-0/artifacts\"}},{\"info\": {\"source_run_id\":"
                + " \"r1\", \"artifact_uri\": \"mlflow-artifacts:/1/models/m-1/artifacts\"}}]}");

    requireReads(version("runs:/r1/model"), "1/models/m-1/artifacts");
  }

  @Test
  void followsARunToItsOwnArtifacts() {
    withRun().with("mlflow/logged-models/search", "{}");
    requireReads(version("runs:/r1/model"), "1/r1/artifacts/model");
  }

  @Test
  void followsARunOfAServerThatHasNoLoggedModels() {
    withRun()
        .answers
        .put("/api/2.0/mlflow/logged-models/search", new Answer(404, "text/html", "Not Found"));
    requireReads(version("runs:/r1/model"), "1/r1/artifacts/model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file:///home/me/mlruns/1/artifacts | is a folder of the machine that logged the model",
        "/home/me/mlruns/1/artifacts | is a folder of the machine that logged the model",
        "./mlruns | is a folder of the machine that logged the model",
        "gs://bucket/model | is in a store that is not read here",
        "wasbs://c@a.blob.core.windows.net/m | is in a store that is not read here",
        "dbfs:/models | is in a store that is not read here",
        "s3://bucket/model | has no key for it: set s3.access-key and s3.secret-key",
        "https://elsewhere/model | is at another server than mlflow.tracking-uri",
        "mlflow-artifacts://elsewhere:5000/1 | is at another MLflow server than"
            + " mlflow.tracking-uri",
        "models:/m-gone | is a logged model that MLflow has no more",
        "models:/other/9 | is a version that MLflow has no more",
        "models:/other@champion | names neither a logged model nor a version",
        "runs:/gone/model | is a run that MLflow has no more"
      })
  void saysWhatIsWrongWithASourceAndBlamesNoServer(String source, String reason) {
    requireRefusal(() -> registry.artifacts(version(source)))
        .matches(refused -> !refused.isAboutAccess())
        .hasMessageContaining("The source '" + source + "' ")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("--serve-artifacts");
  }
}
