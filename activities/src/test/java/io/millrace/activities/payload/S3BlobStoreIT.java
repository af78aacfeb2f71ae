package io.millrace.activities.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.activities.lake.ObjectStoreConfig;
import io.millrace.engine.payload.BlobStore.Blob;
import io.millrace.engine.payload.BlobStoreException;
import io.millrace.engine.payload.Retention;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import io.millrace.stack.S3Server;
import io.millrace.stack.SearchAttribute;
import io.millrace.stack.install.MinioBinary;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The store on both servers. */
class S3BlobStoreIT {

  private static final String OLD = "payloads/2026-01-01/" + "a".repeat(64);
  private static final String NEW = "payloads/2999-01-01/" + "b".repeat(64);

  @ParameterizedTest
  @EnumSource
  void keepsListsAndSweeps(S3Server server) {
    assumeThat(server != S3Server.MINIO || MinioBinary.isAvailable()).as("minio or Go").isTrue();
    try (LocalStack stack = LocalStack.forTests(server, SearchAttribute.STANDARD, Component.S3);
        S3BlobStore store = store(stack.endpoints().s3(), "")) {
      assertThat(store.get(OLD)).isEmpty();
      try (Stream<Blob> none = store.list("payloads/")) {
        assertThat(none).isEmpty();
      }
      byte[] large = new byte[12 << 20];
      new Random(1).nextBytes(large);
      store.put(NEW, large);
      store.put(OLD, new byte[] {1});
      store.put(OLD, new byte[] {1, 2});
      store.put("memo/x", new byte[0]);

      assertThat(store.get(NEW)).contains(large);
      assertThat(store.get(OLD)).contains(new byte[] {1, 2});
      assertThat(store.get("memo/x")).contains(new byte[0]);
      try (Stream<Blob> blobs = store.list("payloads/")) {
        assertThat(blobs)
            .satisfiesExactly(
                blob -> {
                  assertThat(blob.key()).isEqualTo(OLD);
                  assertThat(blob.writtenAt())
                      .isBetween(Instant.now().minusSeconds(300), Instant.now().plusSeconds(5));
                },
                blob -> assertThat(blob.key()).isEqualTo(NEW));
      }

      Retention sixtyDays = new Retention(Duration.ofDays(60));
      assertThat(sixtyDays.sweep(store)).isEqualTo(new Retention.Swept(1, 0));
      assertThat(store.get(OLD)).isEmpty();
      store.delete(OLD);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "SEAWEEDFS")
  void saysWhatIsWrong(S3Server server) {
    try (LocalStack stack = LocalStack.forTests(server, SearchAttribute.STANDARD, Component.S3);
        S3BlobStore stranger = store(stack.endpoints().s3(), "wrong");
        S3BlobStore store = store(stack.endpoints().s3(), "")) {
      assertThatThrownBy(() -> stranger.get(OLD))
          .isInstanceOf(BlobStoreException.class)
          .hasMessageContaining("refused to read " + OLD + " in bucket temporal-payloads");
      stack.kill9(Component.S3);
      assertThatThrownBy(() -> store.put(OLD, new byte[1]))
          .isInstanceOf(BlobStoreException.class)
          .hasMessageContaining("could not be reached to write " + OLD);
    }
  }

  private static S3BlobStore store(Endpoints.S3 s3, String suffix) {
    return new S3BlobStore(
        new ObjectStoreConfig(
            URI.create(s3.endpoint()),
            s3.region(),
            s3.accessKey(),
            s3.secretKey() + suffix,
            Duration.ofSeconds(10)),
        S3BlobStore.BUCKET);
  }
}
