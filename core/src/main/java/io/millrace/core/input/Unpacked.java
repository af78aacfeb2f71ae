package io.millrace.core.input;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Text that may be packed. The rule: the first bytes of the content say what it is, never its name.
 *
 * <p>Gzip is unpacked. Anything else is text as it stands, but what begins like another well-known
 * format is refused by its name rather than read as lines of rubbish. A mark of UTF-8 at the
 * beginning (the bytes ef bb bf) is no part of the text.
 */
public final class Unpacked {
  private static final String TEXT_FORMS = "it must be text in UTF-8, plain or gzip";

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Magic(String name, byte[] bytes) {
    static Magic of(String name, String hex) {
      return new Magic(name, HexFormat.of().parseHex(hex));
    }

    boolean begins(byte[] head) {
      return head.length >= bytes.length
          && Arrays.equals(head, 0, bytes.length, bytes, 0, bytes.length);
    }
  }

  private static final Magic GZIP = Magic.of("gzip", "1f8b");
  private static final Magic UTF_8 = Magic.of("UTF-8", "efbbbf");

  private static final List<Magic> OTHERS =
      List.of(
          Magic.of("zstd", "28b52ffd"),
          Magic.of("xz", "fd377a585a00"),
          Magic.of("bzip2", "425a68"),
          Magic.of("lz4", "04224d18"),
          Magic.of("snappy", "ff060000734e61507059"),
          Magic.of("zip", "504b0304"),
          Magic.of("Parquet", "50415231"),
          Magic.of("ORC", "4f5243"),
          Magic.of("Avro", "4f626a01"),
          Magic.of("UTF-16 text", "fffe"),
          Magic.of("UTF-16 text", "feff"));

  private static final int MAX = 10;

  private Unpacked() {}

  /**
   * Opens the text.
   *
   * @param content read from its beginning; closed with the text
   * @throws UnreadableInputException if the content is of another format, or gzip of one; what is
   *     damaged further on throws it when it is read
   * @throws IOException of the content
   */
  public static InputStream of(InputStream content) throws IOException {
    byte[] head = content.readNBytes(MAX);
    InputStream whole = joined(head, content);
    if (!GZIP.begins(head)) {
      return text(head, content, whole, "");
    }
    InputStream unpacked = new GzipMembers(whole);
    try {
      byte[] textHead = unpacked.readNBytes(MAX);
      return text(textHead, unpacked, joined(textHead, unpacked), "gzip of ");
    } catch (IOException e) {
      unpacked.close();
      throw e;
    }
  }

  private static InputStream text(byte[] head, InputStream rest, InputStream whole, String packed)
      throws UnreadableInputException {
    for (Magic other : OTHERS) {
      refuse(other, head, packed);
    }
    if (!packed.isEmpty()) {
      refuse(GZIP, head, packed);
    }
    return UTF_8.begins(head)
        ? joined(Arrays.copyOfRange(head, UTF_8.bytes.length, head.length), rest)
        : whole;
  }

  private static void refuse(Magic other, byte[] head, String packed)
      throws UnreadableInputException {
    if (other.begins(head)) {
      throw new UnreadableInputException(
          "it is %s%s, but %s".formatted(packed, other.name, TEXT_FORMS));
    }
  }

  private static InputStream joined(byte[] head, InputStream rest) {
    return new SequenceInputStream(new ByteArrayInputStream(head), rest);
  }
}
