package io.millrace.activities.jobs;

import io.millrace.activities.PipelineException;
import io.millrace.activities.training.ArtifactStore;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.jobs.JobBuild;
import io.minio.MinioClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The jars that were deployed, in bucket {@value #BUCKET}, named by the SHA-256 of their bytes:
 * Flink forgets uploaded ones when it is restarted.
 */
final class JobJars {
  static final String BUCKET = "flink-jars";

  private static final Pattern SHA = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern OBJECT = Pattern.compile("s3://([^/]+)/(.+)");
  private static final String TYPE = "application/java-archive";
  private static final long MAX_BYTES = 256L << 20;

  private final MinioClient s3;
  private final ArtifactStore jars;
  private final Path own;

  /**
   * Prepares; connects when first used.
   *
   * @param own the jar of this worker's build
   */
  JobJars(MinioClient s3, Path own) {
    this.s3 = s3;
    this.jars = new ArtifactStore(s3, BUCKET);
    this.own = own;
  }

  /** Copies a jar to the store, if it is not there: see {@code DeployParams.jar}. */
  JobBuild store(@Nullable String jar) {
    byte[] content = jar == null ? file(own) : read(jar);
    String sha256 = ArtifactStore.sha256(content);
    jars.ensureBucket();
    if (jars.get(name(sha256)).isEmpty()) {
      jars.put(name(sha256), content, TYPE);
    }
    return new JobBuild(sha256, jar == null ? own.toString() : jar, content.length);
  }

  /** The cluster's id of a build, which is uploaded if the cluster has it not. */
  String onCluster(FlinkApi flink, String sha256) {
    String name = name(sha256);
    return flink
        .jar(name)
        .orElseGet(
            () ->
                flink.upload(
                    name,
                    jars.get(name)
                        .orElseThrow(
                            () ->
                                missing(
                                    "Build %s is neither on the cluster nor in s3://%s: deploy"
                                            .formatted(sha256, BUCKET)
                                        + " another with the parameter jar"))));
  }

  private byte[] read(String jar) {
    var object = OBJECT.matcher(jar);
    Optional<byte[]> content;
    if (SHA.matcher(jar).matches()) {
      content = jars.get(name(jar));
    } else if (object.matches()) {
      content = new ArtifactStore(s3, object.group(1)).get(object.group(2));
    } else {
      content = Optional.of(file(Path.of(jar)));
    }
    return content.orElseThrow(() -> missing("There is no jar %s: correct it".formatted(jar)));
  }

  private static byte[] file(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw missing(
            "%s has %,d bytes, the limit is %,d: leave out what is in the cluster's lib/"
                .formatted(file, size, MAX_BYTES));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new PipelineException(
          PipelineFailure.NOT_FOUND,
          "Cannot read the jar %s (%s): build it, set flink.jar, or name one with the parameter jar"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  private static PipelineException missing(String message) {
    return new PipelineException(PipelineFailure.NOT_FOUND, message);
  }

  private static String name(String sha256) {
    return sha256 + ".jar";
  }
}
