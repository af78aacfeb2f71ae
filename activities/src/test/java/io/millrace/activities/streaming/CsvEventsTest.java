package io.millrace.activities.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvEventsTest {
  private static final String HEADER =
      "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session";
  private static final String ROW =
      "2019-10-01 00:00:00 UTC,view,44600062,2103807459595387724,,shiseido,35.79,541312140,s-1";

  @TempDir Path folder;

  @Test
  void readsARowAsAValidEventKeyedByItsSession() throws IOException {
    List<RawMessage> messages = read(file(HEADER, ROW));

    assertThat(messages)
        .singleElement()
        .satisfies(message -> assertThat(message.key()).isEqualTo("s-1"))
        .satisfies(message -> assertThat(verdict(message)).isInstanceOf(Verdict.Valid.class));
  }

  @Test
  void acceptsColumnsInAnyOrderQuotesWindowsLineEndsAndAByteOrderMark() throws IOException {
    Path file =
        write(
            "\uFEFFuser_session,event_type,event_time,product_id,category_id,category_code,brand,"
                + "price,user_id\r\n"
                + "s-2,cart,2019-10-01 00:00:00 UTC,1,2,a.b,\"Smith, \"\"J\"\"\",3,4\r\n");

    List<RawMessage> messages = read(file);

    assertThat(verdict(messages.get(0)))
        .isInstanceOfSatisfying(
            Verdict.Valid.class,
            valid -> assertThat(valid.event().brand()).isEqualTo("Smith, \"J\""));
  }

  @Test
  void leavesBadValuesToTheValidation() throws IOException {
    String badPrice = ROW.replace("35.79", "free");
    String noSession = ROW.replace(",s-1", ",");

    List<RawMessage> messages = read(file(HEADER, badPrice, noSession));

    assertThat(messages).extracting(RawMessage::kind).containsOnly(RawMessage.EVENT);
    assertThat(verdict(messages.get(0)))
        .isEqualTo(new Verdict.Invalid("Field price has invalid type"));
    assertThat(messages.get(1).key()).isNull();
    assertThat(verdict(messages.get(1))).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void sendsLinesThatAreNoRowsAsTheyStandAndNamesThem() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : List.of(HEADER, "a,b,c", ROW, "1,2,3,4,5,6,7,8,\"open")) {
      bytes.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    bytes.write(0xff);
    Path file = Files.write(folder.resolve("events.csv"), bytes.toByteArray());

    try (CsvEvents events = CsvEvents.open(file)) {
      List<RawMessage> messages = drain(events);

      assertThat(messages)
          .extracting(RawMessage::kind)
          .containsExactly("malformed_line", "event", "malformed_line", "malformed_line");
      assertThat(messages.get(0).value()).asString().isEqualTo("a,b,c");
      assertThat(messages.get(3).value()).containsExactly(0xff);
      assertThat(messages)
          .filteredOn(message -> message.kind().equals(RawMessage.MALFORMED_LINE))
          .allSatisfy(
              message -> assertThat(verdict(message)).isInstanceOf(Verdict.Unreadable.class));
      assertThat(events.remarks().first())
          .containsExactly(
              "events.csv line 2: 3 columns instead of 9, sent as it stands",
              "events.csv line 4: a quote that is not closed, sent as it stands",
              "events.csv line 5: not UTF-8, sent as it stands");
    }
  }

  @Test
  void countsBlankAndOverlongLines() throws IOException {
    Path file = file(HEADER, "", "x".repeat(CsvEvents.MAX_LINE + 1), ROW);

    try (CsvEvents events = CsvEvents.open(file)) {
      assertThat(drain(events)).hasSize(1);
      assertThat(events.blankLines()).isEqualTo(1);
      assertThat(events.refusedLines()).isEqualTo(1);
      assertThat(events.remarks().first())
          .singleElement()
          .asString()
          .contains("line 3", "not sent");
    }
  }

  /** What stands between two rows in one line is not theirs to lose. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // Two rows, with a quote and without, and one that is quoted whole.
        "2019-10-01 00:00:00 UTC,view,1,2,a.b,\"q\",1.5,5001,s\r" + ROW,
        ROW + "\r" + ROW,
        "\"2019-10-01 00:00:00 UTC\",view,1,2,a.b,q,1.5,5001,\"s\"\r" + ROW,
        ROW + "\r\r" + ROW,
        // Text behind a quote that closes, and two quotes that do not enclose a column.
        "2019-10-01 00:00:00 UTC,view,1,2,a.b,\"q\"x,1.5,5001,s",
      })
  void sendsALineThatIsNotOneRowAsItStands(String line) throws IOException {
    try (CsvEvents events = CsvEvents.open(file(HEADER, ROW, line, ROW))) {
      List<RawMessage> messages = drain(events);

      assertThat(messages)
          .extracting(RawMessage::kind)
          .containsExactly("event", "malformed_line", "event");
      assertThat(messages.get(1).value()).asString().isEqualTo(line);
      assertThat(messages.get(1).number()).isEqualTo(3);
      assertThat(events.remarks().first()).singleElement().asString().contains("line 3: ");
    }
  }

  @Test
  void takesACarriageReturnInQuotesForTextAndOneAtTheEndForNothing() throws IOException {
    String quoted = ROW.replace("shiseido", "\"shi\rseido\"");

    List<RawMessage> messages = read(file(HEADER, quoted, ROW + "\r\r", ROW + "\r"));

    assertThat(messages).extracting(RawMessage::kind).containsOnly(RawMessage.EVENT);
    assertThat(messages)
        .extracting(message -> ((Verdict.Valid) verdict(message)).event())
        .satisfiesExactly(
            first -> assertThat(first.brand()).isEqualTo("shi\rseido"),
            second -> assertThat(second.userSession()).isEqualTo("s-1"),
            third -> assertThat(third.userSession()).isEqualTo("s-1"));
  }

  /** The rule of every source: no line goes missing, whatever stands in it. */
  @Property(tries = 300)
  void accountsForEveryLine(@ForAll("odd") List<String> lines) throws IOException {
    Path file = Files.createTempFile("events", ".csv");
    try {
      Files.writeString(file, HEADER + "\n" + String.join("\n", lines));
      try (CsvEvents events = CsvEvents.open(file)) {
        int messages = drain(events).size();
        long inFile = Files.readString(file).chars().filter(c -> c == '\n').count() + 1;
        boolean openEnd = lines.isEmpty() || lines.get(lines.size() - 1).isEmpty();
        assertThat(events.lines()).isEqualTo(openEnd ? inFile - 1 : inFile);
        assertThat(events.headerLines() + messages + events.blankLines() + events.refusedLines())
            .isEqualTo(events.lines());
      }
    } finally {
      Files.delete(file);
    }
  }

  @Provide
  Arbitrary<List<String>> odd() {
    Arbitrary<String> parts =
        Arbitraries.of(ROW, ",", "\"", "\r", "x", "\0", "\uFEFF", "\u2028", " ", "{}", "1.5");
    return parts.list().ofMaxSize(4).map(some -> String.join("", some)).list().ofMaxSize(6);
  }

  @Test
  void tellsGzipByItsFirstBytesAndNotByTheName() throws IOException {
    Path file = folder.resolve("events.csv");
    Files.write(file, gzip(HEADER + "\n" + ROW + "\n"));

    try (CsvEvents events = CsvEvents.open(file)) {
      assertThat(drain(events)).hasSize(1);
      assertThat(events.position()).isEqualTo(events.total()).isEqualTo(Files.size(file));
    }
  }

  @Test
  void handsOutTheRowsBeforeTheEndOfATruncatedGzipAndThenSaysSo() throws IOException {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (int i = 0; i < 5_000; i++) {
      text.append(ROW.replace("44600062", Integer.toString(i * 7_919))).append('\n');
    }
    byte[] whole = gzip(text.toString());
    Path file = folder.resolve("cut.csv.gz");
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));

    try (CsvEvents events = CsvEvents.open(file)) {
      List<RawMessage> messages = new ArrayList<>();

      assertThatThrownBy(
              () -> {
                while (messages.add(events.next())) {
                  // Until it breaks off.
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageMatching("cut.csv.gz breaks off in line [0-9]+: gzip member 1, .*cut short.*");
      assertThat(messages).hasSizeBetween(1_000, 4_000);
      assertThat(messages)
          .allSatisfy(message -> assertThat(verdict(message)).isInstanceOf(Verdict.Valid.class));
    }
  }

  @Test
  void namesEveryColumnThatDoesNotFit() throws IOException {
    Path file = file(HEADER.replace("price", "cost").replace("brand,", "event_time,"), ROW);

    assertThatThrownBy(() -> CsvEvents.open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("column 'event_time' twice")
        .hasMessageContaining("unknown column 'cost'")
        .hasMessageContaining("column 'brand' is missing")
        .hasMessageContaining("column 'price' is missing")
        .hasMessageContaining("Expected: " + HEADER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n" + HEADER, "\uFEFF"})
  void refusesAFileWithoutAHeader(String text) throws IOException {
    Path file = write(text);

    assertThatThrownBy(() -> CsvEvents.open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("has no header");
  }

  @ParameterizedTest
  @ValueSource(strings = {HEADER + "\r" + ROW + "\r", "PAR1\u0000", "event_time\"", "BZh9x"})
  void refusesAFileOfAnotherKind(String text) throws IOException {
    Path file = write(text);

    assertThatThrownBy(() -> CsvEvents.open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("events.csv");
  }

  @Test
  void takesAHeaderInQuotesAndAFileWithNothingElse() throws IOException {
    assertThat(read(write("\"" + HEADER.replace(",", "\",\"") + "\"\r\n" + ROW))).hasSize(1);
    assertThat(read(write(HEADER))).isEmpty();
  }

  @Test
  void readsEveryMemberOfAGzipFileAndNamesTheOneThatIsDamaged() throws IOException {
    byte[] first = gzip(HEADER + "\n" + ROW + "\n");
    byte[] second = gzip(ROW + "\n" + ROW);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    Path file = Files.write(folder.resolve("two.csv"), both.toByteArray());
    assertThat(read(file)).hasSize(3);

    byte[] damaged = both.toByteArray();
    damaged[first.length + 1] ^= 1;
    Files.write(file, damaged);
    try (CsvEvents events = CsvEvents.open(file)) {
      assertThat(events.next()).isNotNull();
      assertThatThrownBy(events::next)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("two.csv breaks off in line 3: gzip member 2");
    }
  }

  @Test
  void countsTheRemarksThatItDoesNotKeep() throws IOException {
    String[] lines = new String[50];
    Arrays.fill(lines, "no row");
    lines[0] = HEADER;

    try (CsvEvents events = CsvEvents.open(file(lines))) {
      drain(events);
      assertThat(events.remarks().first()).hasSize(20);
      assertThat(events.remarks().more()).isEqualTo(29);
    }
  }

  private Path file(String... lines) throws IOException {
    return write(String.join("\n", lines) + "\n");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("events.csv"), text);
  }

  private static List<RawMessage> read(Path file) throws IOException {
    try (CsvEvents events = CsvEvents.open(file)) {
      return drain(events);
    }
  }

  private static List<RawMessage> drain(EventSource events) throws IOException {
    List<RawMessage> messages = new ArrayList<>();
    for (RawMessage next = events.next(); next != null; next = events.next()) {
      messages.add(next);
    }
    return messages;
  }

  private static Verdict verdict(RawMessage message) {
    return new EventReader().read(message.value());
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
