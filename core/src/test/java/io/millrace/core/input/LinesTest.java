package io.millrace.core.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {
  private static final int MAX = 100_000;

  @Test
  void endsALineWithLineFeedOrBothOrTheEnd() throws IOException {
    assertThat(read("a\n\nb\r\n\r\nc\rd", 3)).containsExactly("1:a", "2:", "3:b", "4:", "5:c\rd");
  }

  @Test
  void cutsALongLineAndGoesOnBehindIt() throws IOException {
    String line = "x".repeat(300_000);

    List<String> lines = read("a\n" + line + "\nb", 4_096);

    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).hasSize("2:".length() + MAX + 1);
    assertThat(lines.get(2)).isEqualTo("3:b");
  }

  @ParameterizedTest
  @ValueSource(ints = {MAX - 1, MAX, MAX + 1, MAX + 2, 3 * MAX})
  void saysHowLongALineIsWithoutItsEnd(int length) throws IOException {
    String line = "x".repeat(length);
    for (String end : List.of("", "\n", "\r\n", "\r\nnext")) {
      Lines reader = new Lines(GzipParts.slow(GzipParts.bytes(line + end), 5_000), MAX);

      assertThat(reader.next()).hasSize(Math.min(length, MAX + 1));
      assertThat(reader.length()).isEqualTo(length);
      assertThat(reader.isTooLong()).isEqualTo(length > MAX);
    }
  }

  @Test
  void readsNothingFromNothing() throws IOException {
    assertThat(read("", 1)).isEmpty();
    assertThat(read("\n\n", 1)).containsExactly("1:", "2:");
  }

  @Property(tries = 200)
  void givesEveryLineWhateverTheReadsAre(
      @ForAll("lines") List<String> lines, @ForAll @IntRange(min = 1, max = 70_000) int chunk)
      throws IOException {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (i < lines.size() - 1 || !lines.get(i).isEmpty()) {
        expected.add((i + 1) + ":" + lines.get(i));
      }
    }

    assertThat(read(String.join("\n", lines), chunk)).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<String>> lines() {
    Arbitrary<String> shorts =
        Arbitraries.strings().ascii().excludeChars('\n', '\r').ofMaxLength(50);
    Arbitrary<String> longs =
        Arbitraries.integers().between(0, 90_000).map(length -> "y".repeat(length));
    return Arbitraries.frequencyOf(Tuple.of(9, shorts), Tuple.of(1, longs)).list().ofMaxSize(30);
  }

  private static List<String> read(String text, int chunk) throws IOException {
    Lines reader = new Lines(GzipParts.slow(text.getBytes(StandardCharsets.UTF_8), chunk), MAX);
    List<String> lines = new ArrayList<>();
    for (byte[] line = reader.next(); line != null; line = reader.next()) {
      lines.add(reader.number() + ":" + new String(line, StandardCharsets.UTF_8));
    }
    return lines;
  }
}
