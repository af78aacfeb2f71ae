package io.millrace.activities.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.activities.PipelineException;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import io.millrace.stack.S3Server;
import io.millrace.stack.SearchAttribute;
import io.millrace.stack.install.MinioBinary;
import io.millrace.workflows.PipelineFailure;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lake's reading on both object stores; MinIO only where it is there or can be built. */
class ObjectStoreIT {
  private static final String BUCKET = "validated-events-bucket";
  private static final int PAGED = 1_050; // more than one page of a listing

  @ParameterizedTest
  @EnumSource
  void listsAndReadsExactlyWhatIsThere(S3Server server) throws Exception {
    assumeThat(server != S3Server.MINIO || MinioBinary.isAvailable()).as("minio or Go").isTrue();
    try (LocalStack stack = LocalStack.forTests(server, SearchAttribute.STANDARD, Component.S3);
        ObjectStore store = new ObjectStore(config(stack.endpoints().s3(), ""))) {
      assertThatThrownBy(() -> store.check(BUCKET))
          .isInstanceOfSatisfying(PipelineException.class, e -> has(e, PipelineFailure.NOT_FOUND));
      fill(stack.endpoints().s3());

      store.check(BUCKET);
      List<LakeObject> listed = new ArrayList<>();
      store.list(BUCKET, "topics/a/", listed::add);
      LakeObject first = listed.get(0);

      assertThat(listed).hasSize(PAGED);
      assertThat(listed).extracting(LakeObject::key).isSorted().doesNotHaveDuplicates();
      assertThat(first.sizeBytes()).isEqualTo(5);
      assertThat(first.etag()).isNotEmpty().doesNotContain("\"");
      try (InputStream content = store.open(first).orElseThrow()) {
        assertThat(content.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("00000");
      }
      assertThat(store.open(new LakeObject(BUCKET, first.key(), "0".repeat(32), 5))).isEmpty();
      assertThat(store.open(new LakeObject(BUCKET, "nothing", first.etag(), 5))).isEmpty();
      try (ObjectStore stranger = new ObjectStore(config(stack.endpoints().s3(), "wrong"))) {
        assertThatThrownBy(() -> stranger.check(BUCKET))
            .isInstanceOfSatisfying(
                PipelineException.class, e -> has(e, PipelineFailure.ACCESS_DENIED))
            .hasMessageNotContaining(stack.endpoints().s3().secretKey());
      }
      stack.kill9(Component.S3);
      assertThatThrownBy(() -> store.check(BUCKET))
          .isInstanceOfSatisfying(PipelineException.class, e -> has(e, PipelineFailure.UNAVAILABLE))
          .hasMessageContaining("Is it running?");
    }
  }

  private static void has(PipelineException failure, PipelineFailure kind) {
    assertThat(failure.failure()).isEqualTo(kind);
  }

  @SuppressWarnings("try") // MinioClient.close() declares what may be an InterruptedException
  private static void fill(Endpoints.S3 s3) throws Exception {
    try (MinioClient client =
        MinioClient.builder()
            .endpoint(s3.endpoint())
            .region(s3.region())
            .credentials(s3.accessKey(), s3.secretKey())
            .build()) {
      client.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
      for (int i = 0; i < PAGED; i++) {
        put(client, "topics/a/%05d".formatted(i), "%05d".formatted(i));
      }
      put(client, "topics/b/other", "x");
    }
  }

  private static void put(MinioClient client, String key, String content) throws Exception {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    client.putObject(
        PutObjectArgs.builder().bucket(BUCKET).object(key).stream(
                new ByteArrayInputStream(bytes), (long) bytes.length, -1L)
            .build());
  }

  private static ObjectStoreConfig config(Endpoints.S3 s3, String suffix) {
    return new ObjectStoreConfig(
        URI.create(s3.endpoint()),
        s3.region(),
        s3.accessKey(),
        s3.secretKey() + suffix,
        Duration.ofSeconds(10));
  }
}
