package io.millrace.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.payload.MemoTest.Sack;
import io.temporal.common.converter.DefaultDataConverter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoStoreTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final EncryptionKeys KEYS = new EncryptionKeys("k", Map.of("k", new byte[32]));

  private final MemoryBlobStore store = new MemoryBlobStore();

  @Test
  void theOrderOfAMapDoesNotMatter() {
    Object[] one = {new Sack("rye", new LinkedHashMap<>(Map.of("a", 1)))};
    Map<String, Integer> forth = new LinkedHashMap<>();
    forth.put("a", 1);
    forth.put("b", 2);
    Map<String, Integer> back = new LinkedHashMap<>();
    back.put("b", 2);
    back.put("a", 1);

    assertThat(MemoStore.id("k", "Grind", new Object[] {new Sack("rye", forth)}))
        .isEqualTo(MemoStore.id("k", "Grind", new Object[] {new Sack("rye", back)}))
        .isNotEqualTo(MemoStore.id("k", "Grind", one));
  }

  @Test
  void anEncryptedOneHoldsNoPlainText() {
    MemoStore memos = new MemoStore(store, PayloadOptions.DEFAULT.withKeys(KEYS));
    var payload = DefaultDataConverter.STANDARD_INSTANCE.toPayload("spelt").orElseThrow();

    memos.keep("id", payload, Instant.now().plus(HOUR));

    assertThat(memos.find("id")).contains(payload);
    assertThat(new String(store.blobs().get("memo/id"), StandardCharsets.ISO_8859_1))
        .doesNotContain("spelt");
  }

  @Test
  void aResultThatIsTooLargeForItsTaskIsNotKept() {
    MemoStore memos = new MemoStore(store, new PayloadOptions(0, 0, 0, 3, null));

    memos.keep("id", Coding.payload(new byte[4]), Instant.now().plus(HOUR));

    assertThat(store.blobs()).isEmpty();
  }

  @Test
  void aMemoWithoutKeyOrTimeIsRefused() {
    assertThatThrownBy(() -> new Memo(" ", HOUR)).hasMessageContaining("must not be blank");
    assertThatThrownBy(() -> new Memo("v1", Duration.ZERO))
        .hasMessageContaining("The ttl of memo 'v1' must be at least 1 ms, but is PT0S");
  }
}
