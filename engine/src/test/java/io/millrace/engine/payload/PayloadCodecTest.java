package io.millrace.engine.payload;

import static io.millrace.engine.payload.Coding.decode;
import static io.millrace.engine.payload.Coding.encode;
import static io.millrace.engine.payload.Coding.noise;
import static io.millrace.engine.payload.Coding.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.failure.ApplicationFailure;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.context.ActivitySerializationContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PayloadCodecTest {

  private static final EncryptionKeys KEYS =
      new EncryptionKeys("old", Map.of("old", Coding.key(1)));

  private final MemoryBlobStore store = new MemoryBlobStore();

  @Property(tries = 500)
  void everyPayloadComesBackAsItWas(
      @ForAll byte[] data,
      @ForAll @IntRange(max = 300) int repeats,
      @ForAll @IntRange(max = 2_000) int compressAbove,
      @ForAll @IntRange(max = 2_000) int storeAbove,
      @ForAll boolean encrypt) {
    PayloadOptions options =
        new PayloadOptions(compressAbove, storeAbove, 0, 1 << 20, encrypt ? KEYS : null);
    Payload payload = payload(repeat(data, repeats));

    Payload encoded = encode(codec(options), payload);

    assertThat(decode(codec(options), encoded)).isEqualTo(payload);
    // The reference itself takes some 300 bytes.
    assertThat(encoded.getSerializedSize()).isLessThanOrEqualTo(Math.max(storeAbove, 500));
  }

  @Property(tries = 500)
  void aFlippedBitIsFoundInWhatIsEncryptedCompressedOrStored(
      @ForAll long seed, @ForAll boolean encrypt, @ForAll boolean inStore) {
    Random random = new Random(seed);
    PayloadOptions options =
        new PayloadOptions(0, inStore ? 0 : 1 << 20, 0, 1 << 20, encrypt ? KEYS : null);
    Payload payload = payload(repeat("wheat, ".getBytes(StandardCharsets.UTF_8), 100));
    Payload encoded = encode(codec(options), payload);

    if (inStore) {
      store.damageAll(bytes -> flip(bytes, random));
    } else {
      encoded =
          encoded.toBuilder()
              .setData(ByteString.copyFrom(flip(encoded.getData().toByteArray(), random)))
              .build();
    }

    Payload damaged = encoded;
    if (encrypt || inStore) {
      assertThatThrownBy(() -> decode(codec(options), damaged))
          .isInstanceOf(UnreadablePayloadException.class)
          .hasMessageContaining("damaged");
    } else {
      // A few bits of zlib's format mean nothing.
      assertThat(unlessUnreadable(() -> decode(codec(options), damaged), payload))
          .isEqualTo(payload);
    }
  }

  @Test
  void smallValuesStayPlain() {
    Payload payload = payload(new byte[1_000]);

    assertThat(encode(codec(PayloadOptions.DEFAULT), payload)).isEqualTo(payload);
    assertThat(store.blobs()).isEmpty();
  }

  @Test
  void whatCompressesWellStaysInTheHistory() {
    Payload encoded = encode(codec(PayloadOptions.DEFAULT), payload(new byte[1 << 20]));

    assertThat(Envelope.is(encoded, Compression.ENCODING)).isTrue();
    assertThat(encoded.getSerializedSize()).isLessThan(10_000);
    assertThat(store.blobs()).isEmpty();
  }

  @Test
  void theSameContentIsTheSameBlobAndTheReferenceSaysWhich() {
    Payload payload = payload(noise(1 << 20));
    Payload first = encode(codec(PayloadOptions.DEFAULT), payload);
    Payload second = encode(codec(PayloadOptions.DEFAULT), payload);

    assertThat(second).isEqualTo(first);
    assertThat(store.blobs()).hasSize(1);
    String sha256 = Digest.sha256(store.blobs().values().iterator().next());
    assertThat(Envelope.field(first, "millrace-key")).isEqualTo("payloads/2026-11-21/" + sha256);
    assertThat(Envelope.field(first, "millrace-sha256")).isEqualTo(sha256);
    assertThat(Envelope.field(first, "millrace-version")).isEqualTo("1");
    assertThat(first.getSerializedSize()).isLessThan(500);
  }

  @Test
  void aMissingBlobIsNamed() {
    Payload encoded = encode(codec(PayloadOptions.DEFAULT), payload(noise(1 << 20)));
    store.blobs().clear();

    assertThatThrownBy(() -> decode(codec(PayloadOptions.DEFAULT), encoded))
        .isInstanceOf(UnreadablePayloadException.class)
        .hasMessageContaining(Envelope.field(encoded, "millrace-key"))
        .hasMessageContaining("is not in memory:")
        .hasMessageContaining("payloads.bucket");
  }

  @Test
  void aDamagedBlobIsNamedWithBothChecksums() {
    Payload encoded = encode(codec(PayloadOptions.DEFAULT), payload(noise(1 << 20)));
    store.damageAll(bytes -> Arrays.copyOf(bytes, 3));

    assertThatThrownBy(() -> decode(codec(PayloadOptions.DEFAULT), encoded))
        .isInstanceOf(UnreadablePayloadException.class)
        .hasMessageContaining(Envelope.field(encoded, "millrace-key"))
        .hasMessageContaining("sha256 " + Envelope.field(encoded, "millrace-sha256") + " expected")
        .hasMessageContaining("3 bytes with sha256")
        .hasMessageContaining("Restore it");
  }

  @Test
  void aReferenceToAnythingElseIsRefused() {
    Payload reference =
        Envelope.of(
            ClaimCheck.ENCODING,
            Map.of("millrace-key", "../secrets", "millrace-sha256", "00", "millrace-size", "1"),
            ByteString.EMPTY);

    assertThatThrownBy(() -> decode(codec(PayloadOptions.DEFAULT), reference))
        .isInstanceOf(UnreadablePayloadException.class)
        .hasMessageContaining("'../secrets', which is no key of a payload");
  }

  @Test
  void whatANewerVersionWroteIsRefused() {
    Payload future =
        encode(codec(PayloadOptions.DEFAULT), payload(new byte[1 << 20])).toBuilder()
            .putMetadata("millrace-version", ByteString.copyFromUtf8("2"))
            .build();

    assertThatThrownBy(() -> decode(codec(PayloadOptions.DEFAULT), future))
        .hasMessageContaining("format 2, this worker reads 1");
  }

  @Test
  void aBombDoesNotFillTheMemory() {
    Payload bomb = encode(codec(PayloadOptions.DEFAULT), payload(new byte[10 << 20]));
    PayloadOptions small = new PayloadOptions(4 << 10, 128 << 10, 0, 1 << 20, null);

    assertThatThrownBy(() -> decode(codec(small), bomb))
        .isInstanceOf(UnreadablePayloadException.class)
        .hasMessageContaining("payloads.max-size");
  }

  @Test
  void aValueThatIsTooLargeSaysSoWithItsActivity() {
    PayloadCodec codec =
        codec(new PayloadOptions(0, 0, 0, 1_000_000, null))
            .withContext(
                new ActivitySerializationContext(
                    "default", "nightly-1", "nightly", "Grind", "q", false));

    assertThatThrownBy(() -> encode(codec, payload(new byte[1_000_001])))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.isNonRetryable()).isTrue();
              assertThat(failure.getType()).isEqualTo(DagPayloads.TOO_LARGE);
            })
        .hasMessageContaining("activity Grind in run nightly-1 is 1,000,001 bytes")
        .hasMessageContaining("limit of 1,000,000 bytes")
        .hasMessageContaining("pass a reference");
  }

  private PayloadCodec codec(PayloadOptions options) {
    return DagPayloads.codec(store, options, Coding.NOON);
  }

  private static Payload unlessUnreadable(Supplier<Payload> reading, Payload otherwise) {
    try {
      return reading.get();
    } catch (UnreadablePayloadException e) {
      return otherwise;
    }
  }

  private static byte[] repeat(byte[] data, int times) {
    byte[] all = new byte[Math.min(data.length * times, 1 << 19)];
    for (int i = 0; i < all.length; i++) {
      all[i] = data[i % data.length];
    }
    return all;
  }

  private static byte[] flip(byte[] bytes, Random random) {
    int bit = random.nextInt(bytes.length * 8);
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    return bytes;
  }
}
