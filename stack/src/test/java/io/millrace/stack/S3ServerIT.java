package io.millrace.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.stack.install.MinioBinary;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.errors.ErrorResponseException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both object stores, as their clients see them. */
class S3ServerIT {
  @ParameterizedTest
  @EnumSource
  void keepsObjectsRefusesAWrongKeyAndMakesNoBucketUnasked(S3Server server) throws Exception {
    assumeThat(server != S3Server.MINIO || MinioBinary.isAvailable()).as("minio or Go").isTrue();
    try (LocalStack stack = LocalStack.forTests(server, SearchAttribute.STANDARD, Component.S3)) {
      Endpoints.S3 s3 = stack.endpoints().s3();
      MinioClient client = client(s3, s3.secretKey());
      client.makeBucket(MakeBucketArgs.builder().bucket("lake").build());
      put(client, "lake", "kept");

      stack.restart(Component.S3);

      assertThat(get(client, "lake", "kept")).isEqualTo("kept");
      assertThatThrownBy(() -> put(client, "no-such-bucket", "x"))
          .isInstanceOf(ErrorResponseException.class)
          .extracting(e -> ((ErrorResponseException) e).errorResponse().code())
          .isEqualTo("NoSuchBucket");
      MinioClient stranger = client(s3, "wrong-secret-key");
      assertThatThrownBy(
              () -> stranger.bucketExists(BucketExistsArgs.builder().bucket("lake").build()))
          .isInstanceOf(ErrorResponseException.class);
      client.close();
      stranger.close();
    }
  }

  private static MinioClient client(Endpoints.S3 s3, String secret) {
    return MinioClient.builder()
        .endpoint(s3.endpoint())
        .region(s3.region())
        .credentials(s3.accessKey(), secret)
        .build();
  }

  private static void put(MinioClient client, String bucket, String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    client.putObject(
        PutObjectArgs.builder().bucket(bucket).object(text).stream(
                new ByteArrayInputStream(bytes), (long) bytes.length, -1L)
            .build());
  }

  private static String get(MinioClient client, String bucket, String name) throws Exception {
    GetObjectArgs object = GetObjectArgs.builder().bucket(bucket).object(name).build();
    try (InputStream in = client.getObject(object)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
