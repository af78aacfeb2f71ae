package io.millrace.engine.payload;

import static io.millrace.engine.payload.Coding.decode;
import static io.millrace.engine.payload.Coding.encode;
import static io.millrace.engine.payload.Coding.noise;
import static io.millrace.engine.payload.Coding.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.ApplicationFailure;
import io.temporal.payload.codec.PayloadCodec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncryptionTest {

  private static final byte[] OLD = Coding.key(1);
  private static final byte[] NEW = Coding.key(2);
  private static final EncryptionKeys KEYS = new EncryptionKeys("old", Map.of("old", OLD));

  private final MemoryBlobStore store = new MemoryBlobStore();

  @Test
  void afterARotationOldPayloadsAreReadAndNewOnesWrittenWithTheNewKey() {
    PayloadOptions before = PayloadOptions.DEFAULT.withKeys(KEYS);
    PayloadOptions after =
        before.withKeys(new EncryptionKeys("new", Map.of("old", OLD, "new", NEW)));
    Payload payload = payload(noise(100));

    Payload old = encode(codec(before), payload);
    Payload fresh = encode(codec(after), payload);

    assertThat(decode(codec(after), old)).isEqualTo(payload);
    assertThat(Envelope.field(fresh, "millrace-key-id")).isEqualTo("new");
    assertThatThrownBy(() -> decode(codec(before), fresh))
        .isInstanceOf(UnreadablePayloadException.class)
        .hasMessageContaining("key 'new', which is not among the keys here (old)");
    assertThatThrownBy(() -> decode(codec(PayloadOptions.DEFAULT), fresh))
        .isInstanceOf(UnreadablePayloadException.class)
        .hasMessageContaining("key 'new', and no keys are set here");
  }

  @Test
  void anotherKeyUnderTheSameIdIsAClearError() {
    PayloadOptions here = PayloadOptions.DEFAULT.withKeys(KEYS);
    PayloadOptions there = here.withKeys(new EncryptionKeys("old", Map.of("old", NEW)));
    Payload encoded = encode(codec(here), payload(noise(100)));

    assertThatThrownBy(() -> decode(codec(there), encoded))
        .isInstanceOf(UnreadablePayloadException.class)
        .hasMessageContaining("the id stands for another key where it was written");
  }

  @Test
  void theIdOfTheKeyIsBoundToTheContent() {
    PayloadOptions both =
        PayloadOptions.DEFAULT.withKeys(new EncryptionKeys("old", Map.of("old", OLD, "same", OLD)));
    Payload exchanged =
        encode(codec(both), payload(noise(100))).toBuilder()
            .putMetadata("millrace-key-id", ByteString.copyFromUtf8("same"))
            .build();

    assertThatThrownBy(() -> decode(codec(both), exchanged))
        .isInstanceOf(UnreadablePayloadException.class);
  }

  @Test
  void failuresAreEncryptedTooIfThereAreKeys() {
    DataConverter converter = DagPayloads.converter(store, PayloadOptions.DEFAULT.withKeys(KEYS));
    var failure =
        converter.exceptionToFailure(
            ApplicationFailure.newFailure("the marker", "Broken", "another marker"));

    assertThat(failure.toString()).doesNotContain("marker");
    assertThat(converter.failureToException(failure)).hasMessageContaining("the marker");
  }

  private PayloadCodec codec(PayloadOptions options) {
    return DagPayloads.codec(store, options, Coding.NOON);
  }
}
