package io.millrace.core.input;

import static io.millrace.core.input.GzipParts.bytes;
import static io.millrace.core.input.GzipParts.slow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRecordsTest {
  private static final int LIMIT = 2_000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectWriter PRETTY = JSON.writerWithDefaultPrettyPrinter();

  /** The same objects, however they are laid out. */
  @Property(tries = 300)
  void findsTheSameObjectsInEveryLayout(
      @ForAll("objects") List<JsonNode> objects, @ForAll @IntRange(min = 1, max = 99) int chunk)
      throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> pretty = new ArrayList<>();
    for (JsonNode object : objects) {
      lines.add(JSON.writeValueAsString(object));
      pretty.add(PRETTY.writeValueAsString(object));
    }

    for (String text :
        List.of(
            String.join("\n", lines),
            String.join("\r\n", lines) + "\r\n",
            String.join("", lines),
            String.join("\n", pretty),
            String.join(" ", pretty),
            JSON.writeValueAsString(objects),
            PRETTY.writeValueAsString(objects) + "\n")) {
      List<String> records = read(text, chunk);
      assertThat(records).as(text).hasSize(objects.size());
      for (int i = 0; i < objects.size(); i++) {
        String[] numbered = records.get(i).split(":", 2);
        assertThat(numbered[0]).isEqualTo(String.valueOf(i + 1));
        assertThat(JSON.readTree(numbered[1])).isEqualTo(objects.get(i));
      }
    }
  }

  @Provide
  Arbitrary<List<JsonNode>> objects() {
    Arbitrary<String> texts =
        Arbitraries.strings().withChars("a{}[],:\"\\ \n\u00e9").ofMaxLength(12);
    return Combinators.combine(texts, texts, Arbitraries.integers())
        .as(
            (one, two, number) -> {
              ObjectNode object = JSON.createObjectNode().put(one, two).put("n", number);
              object.putArray("list").add(one).add(number);
              return (JsonNode) object;
            })
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @Test
  void takesALineForARecordWhateverStandsInIt() throws IOException {
    assertThat(read("{\"payload\":\n\n{\"a\":1}\n\n[1]\n{}{}\n}\nend", 7))
        .containsExactly("1:{\"payload\":", "3:{\"a\":1}", "5:[1]", "6:{}{}", "7:}", "8:end");
    assertThat(read("[2019-10-01] a log\n{\"a\":1}\n", 7))
        .containsExactly("1:[2019-10-01] a log", "2:{\"a\":1}");
    assertThat(read("{\"a\":1,\n{\"b\":2}\n}\n", 7))
        .containsExactly("1:{\"a\":1,", "2:{\"b\":2}", "3:}");
    assertThat(read("{\"a\":1} trailing\n{\"b\":2}", 7))
        .containsExactly("1:{\"a\":1} trailing", "2:{\"b\":2}");
    assertThat(read("{\"text\":\"cut\n{\"b\":2}\n", 7))
        .containsExactly("1:{\"text\":\"cut", "2:{\"b\":2}");
  }

  @Test
  void takesEveryElementOfAnArrayForARecord() throws IOException {
    assertThat(read("[{\"a\":1}, 7 ,\"x,]\\\"\",null,[1,[2]],\n{\"b\":2}\n]\n", 7))
        .containsExactly(
            "1:{\"a\":1}", "2:7", "3:\"x,]\\\"\"", "4:null", "5:[1,[2]]", "6:{\"b\":2}");
    assertThat(read(" [ ] ", 7)).isEmpty();
    assertThat(read("[{\"a\":1}]\n[{\"b\":2}]\n", 7)).containsExactly("1:{\"a\":1}", "2:{\"b\":2}");
  }

  @Test
  void keepsWhatStandsBetweenValuesAsARecord() throws IOException {
    assertThat(read("{\n\"a\":1},\nhello\n{\"b\":\n2}", 7))
        .containsExactly("1:{\n\"a\":1}", "2:,", "3:hello", "4:{\"b\":\n2}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"a\":1}",
        "[{\"a\":1},",
        "[{\"a\":1},]",
        "[{\"a\":1},,{}]",
        "[{\"a\":1} {\"b\":2}]",
        "[{\"a\":1},{\"b\":",
        "[{\"a\":1},\"b",
        "[{\"a\":1},{\"b\":\"}]",
        "{\n\"a\":1}\n{\n\"b\":2"
      })
  void cannotReadATextThatBreaksOff(String text) {
    assertThatThrownBy(() -> read(text, 7))
        .isInstanceOf(UnreadableInputException.class)
        .hasMessageContaining("record ")
        .hasMessageContaining("line ");
  }

  @Test
  void keepsTheBeginningOfALongRecordOnly() throws IOException {
    String longText = "{\"a\":\"" + "x".repeat(3 * LIMIT) + "\"}";
    JsonRecords values =
        JsonRecords.of(slow(bytes("[{\"b\":1}," + longText + ",{\"c\":2}]"), 99), LIMIT);

    assertThat(values.next()).isEqualTo(bytes("{\"b\":1}"));
    assertThat(values.next()).hasSize(LIMIT + 1);
    assertThat(values.length()).isEqualTo(longText.length());
    assertThat(values.next()).isEqualTo(bytes("{\"c\":2}"));
    assertThat(values.next()).isNull();
    assertThat(read(longText + "\n{\"b\":1}", 99)).hasSize(2);
  }

  /**
   * Whatever the text is, all of its bytes that are no blanks, commas or brackets are in records.
   */
  @Property(tries = 1_000)
  void losesNothing(@ForAll("texts") String text) throws IOException {
    StringBuilder records = new StringBuilder();
    try {
      read(text, 5).forEach(record -> records.append(record.split(":", 2)[1]));
    } catch (UnreadableInputException e) {
      return; // the whole text is refused
    }
    assertThat(records.toString().replaceAll("[\\s\\[\\],]", ""))
        .isEqualTo(text.replaceAll("[\\s\\[\\],]", ""));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\n", "\r\n", " ", "{\"a\":1}", "x")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }

  private static List<String> read(String text, int chunk) throws IOException {
    JsonRecords records = JsonRecords.of(slow(bytes(text), chunk), LIMIT);
    List<String> found = new ArrayList<>();
    for (byte[] record = records.next(); record != null; record = records.next()) {
      found.add(records.number() + ":" + new String(record, StandardCharsets.UTF_8));
    }
    return found;
  }
}
