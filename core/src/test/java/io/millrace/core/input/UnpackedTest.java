package io.millrace.core.input;

import static io.millrace.core.input.GzipParts.bytes;
import static io.millrace.core.input.GzipParts.joined;
import static io.millrace.core.input.GzipParts.member;
import static io.millrace.core.input.GzipParts.slow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first bytes say what it is. */
class UnpackedTest {
  private static final byte[] TEXT = bytes("{\"a\":1}\nand more of it\n");

  @Test
  void readsTextPlainOrGzipWithAMarkOrWithout() throws IOException {
    byte[] marked = joined(List.of(bytes("\uFEFF"), TEXT));

    assertThat(read(TEXT)).isEqualTo(TEXT);
    assertThat(read(marked)).isEqualTo(TEXT);
    assertThat(read(member(TEXT, 0))).isEqualTo(TEXT);
    assertThat(read(joined(List.of(member(marked, 0), member(TEXT, 0)))))
        .isEqualTo(joined(List.of(TEXT, TEXT)));
    assertThat(read(new byte[0])).isEmpty();
    assertThat(read(bytes("x"))).isEqualTo(bytes("x"));
    assertThat(read(member(new byte[0], 0))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "28b52ffd0011, zstd", "fd377a585a000000, xz", "425a6839, bzip2", "504b030414, zip",
    "5041523115, Parquet", "4f626a0104, Avro", "fffe7b00, UTF-16", "04224d18, lz4"
  })
  void namesAnotherFormat(String hex, String name) {
    byte[] other = HexFormat.of().parseHex(hex);

    assertThatThrownBy(() -> read(other))
        .isInstanceOf(UnreadableInputException.class)
        .hasMessageStartingWith("it is " + name)
        .hasMessageContaining("plain or gzip");
    assertThatThrownBy(() -> read(member(other, 0)))
        .isInstanceOf(UnreadableInputException.class)
        .hasMessageStartingWith("it is gzip of " + name);
    assertThatThrownBy(() -> read(member(member(TEXT, 0), 0)))
        .hasMessageStartingWith("it is gzip of gzip");
  }

  private static byte[] read(byte[] content) throws IOException {
    try (var text = Unpacked.of(slow(content, 3))) {
      return text.readAllBytes();
    }
  }
}
