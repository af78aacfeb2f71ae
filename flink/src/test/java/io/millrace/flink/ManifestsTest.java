package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifests for Kubernetes have the shape that the operator wants, and name every job. */
class ManifestsTest {
  private static final Path FOLDER = Path.of("../deploy/k8s/flink");
  private static final String VERSION = "flink.apache.org/v1beta1";

  @Test
  void thereIsOneForEachJob() throws IOException {
    List<Map<?, ?>> jobs = documents("jobs.yaml");

    assertThat(jobs.stream().map(job -> at(job, "metadata", "name")))
        .containsExactlyElementsOf(FlinkMain.JOBS.stream().map(Object.class::cast).toList());
    for (Map<?, ?> job : jobs) {
      Object name = at(job, "metadata", "name");
      assertThat(job.get("apiVersion")).isEqualTo(VERSION);
      assertThat(job.get("kind")).isEqualTo("FlinkSessionJob");
      assertThat(at(job, "spec", "deploymentName")).isEqualTo("millrace");
      assertThat(at(job, "spec", "job", "entryClass")).isEqualTo(JobMain.class.getName());
      assertThat(at(job, "spec", "job", "upgradeMode")).isEqualTo("savepoint");
      List<?> args = (List<?>) at(job, "spec", "job", "args");
      assertThat(JobMain.jobName(args.toArray(String[]::new))).isEqualTo(name);
    }
  }

  @Test
  void theSessionHasHighAvailabilityMetricsAndNoSecret() throws IOException {
    Map<?, ?> session = documents("session.yaml").get(0);

    assertThat(session.get("apiVersion")).isEqualTo(VERSION);
    assertThat(session.get("kind")).isEqualTo("FlinkDeployment");
    assertThat(at(session, "metadata", "name")).isEqualTo("millrace");
    assertThat(at(session, "spec", "flinkVersion")).isEqualTo("v2_2");
    assertThat((Map<?, ?>) at(session, "spec", "flinkConfiguration"))
        .extracting(Map::keySet)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.collection(Object.class))
        .contains(
            "high-availability.type",
            "high-availability.storageDir",
            "metrics.reporter.prometheus.port");
    String text = Files.readString(FOLDER.resolve("session.yaml"));
    assertThat(text).contains("secretKeyRef").doesNotContain("s3.secret-key", "s3.access-key");
  }

  private static List<Map<?, ?>> documents(String file) throws IOException {
    List<Map<?, ?>> documents = new ArrayList<>();
    Load load = new Load(LoadSettings.builder().build());
    for (Object document : load.loadAllFromString(Files.readString(FOLDER.resolve(file)))) {
      documents.add((Map<?, ?>) document);
    }
    return documents;
  }

  private static Object at(Map<?, ?> document, String... path) {
    Object value = document;
    for (String name : path) {
      value = ((Map<?, ?>) value).get(name);
      assertThat(value).as(name).isNotNull();
    }
    return value;
  }
}
