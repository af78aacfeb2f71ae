package io.millrace.core.input;

import static io.millrace.core.input.GzipParts.bytes;
import static io.millrace.core.input.GzipParts.joined;
import static io.millrace.core.input.GzipParts.member;
import static io.millrace.core.input.GzipParts.slow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every byte of a gzip stream belongs to a whole and correct member, or nothing is read. */
class GzipMembersTest {
  private static final byte[] FIRST = member(bytes("first\n"), 0);
  private static final byte[] SECOND = member(bytes("second\n"), GzipParts.NAME);

  @Property(tries = 300)
  void givesTheContentOfAllMembersWhateverTheirHeadersAndTheReads(
      @ForAll @Size(min = 1, max = 8) List<byte[]> contents,
      @ForAll @IntRange(max = 31) int flags,
      @ForAll @IntRange(min = 1, max = 400) int chunk)
      throws IOException {
    List<byte[]> members = new ArrayList<>();
    for (int i = 0; i < contents.size(); i++) {
      members.add(member(contents.get(i), (flags + i) & 31));
    }

    assertThat(read(joined(members), chunk)).isEqualTo(joined(contents));
  }

  @Test
  void givesAllOfTwentyThousandMembers() throws IOException {
    byte[] many = joined(Collections.nCopies(20_000, FIRST));

    assertThat(read(many, 1 << 16))
        .isEqualTo(joined(Collections.nCopies(20_000, bytes("first\n"))));
  }

  /** A change in a header that has no checksum can go unseen, but changes no content. */
  @Property(tries = 2_000)
  void neverGivesOtherContentAfterAByteWasChanged(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> contents = new ArrayList<>();
    List<byte[]> members = new ArrayList<>();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      byte[] content = new byte[random.nextInt(200)];
      random.nextBytes(content);
      contents.add(content);
      members.add(member(content, random.nextInt(32)));
    }
    byte[] stream = joined(members);
    stream[random.nextInt(stream.length)] ^= (byte) random.nextInt(1, 256);

    try {
      assertThat(read(stream, 64)).isEqualTo(joined(contents));
    } catch (IOException e) {
      assertThat(e).isInstanceOf(UnreadableInputException.class).hasMessageContaining("member ");
    }
  }

  @Test
  void endsAtTheEndOfAMemberOnly() throws IOException {
    byte[] both = joined(List.of(FIRST, SECOND));

    for (int length = 0; length < both.length; length++) {
      byte[] cut = Arrays.copyOf(both, length);
      if (length == FIRST.length) {
        assertThat(read(cut, 10)).isEqualTo(bytes("first\n"));
      } else {
        int number = length < FIRST.length ? 1 : 2;
        assertThatThrownBy(() -> read(cut, 10))
            .as("%d bytes", length)
            .isInstanceOf(UnreadableInputException.class)
            .hasMessageContaining("gzip member " + number);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1f, 'does not begin'",
    "1, 8b, 'does not begin'",
    "2, 08, method",
    "3, 08, flags"
  })
  void namesTheMemberWhoseHeaderIsDamaged(int at, String was, String problem) {
    byte[] both = joined(List.of(FIRST, SECOND));
    both[FIRST.length + at] = (byte) 0xf0;

    assertThatThrownBy(() -> read(both, 1 << 16))
        .as(was)
        .isInstanceOf(UnreadableInputException.class)
        .hasMessageStartingWith("gzip member 2, from byte %d on: ".formatted(FIRST.length))
        .hasMessageContaining(problem);
  }

  @Test
  void checksHeaderContentAndLength() {
    byte[] checked = member(bytes("text"), GzipParts.CHECKSUM | GzipParts.NAME);
    byte[] header = checked.clone();
    header[12] ^= 1;
    byte[] crc = checked.clone();
    crc[crc.length - 8] ^= 1;
    byte[] length = checked.clone();
    length[length.length - 1] ^= 1;

    assertThatThrownBy(() -> read(header, 99)).hasMessageContaining("header's checksum");
    assertThatThrownBy(() -> read(crc, 99)).hasMessageContaining("its checksum");
    assertThatThrownBy(() -> read(length, 99)).hasMessageContaining("its length");
  }

  @Test
  void takesZerosToTheEndForPaddingAndNothingElse() throws IOException {
    byte[] padded = joined(List.of(FIRST, SECOND, new byte[100_000]));
    byte[] more = joined(List.of(padded, FIRST));

    GzipMembers members = new GzipMembers(new ByteArrayInputStream(padded));
    assertThat(members.readAllBytes()).isEqualTo(bytes("first\nsecond\n"));
    assertThat(members.membersEnd()).isEqualTo(FIRST.length + SECOND.length);
    assertThatThrownBy(() -> read(more, 99)).hasMessageContaining("gzip member 3");
    assertThatThrownBy(() -> read(joined(List.of(FIRST, bytes("\n"))), 99))
        .hasMessageContaining("gzip member 2");
    assertThatThrownBy(() -> read(new byte[8], 99)).hasMessageContaining("gzip member 1");
  }

  @Test
  void failsAgainWhenItIsReadOn() {
    GzipMembers members = new GzipMembers(slow(Arrays.copyOf(FIRST, FIRST.length - 1), 99));

    assertThatThrownBy(members::readAllBytes).hasMessageContaining("cut short");
    assertThatThrownBy(members::read).hasMessageContaining("cut short");
  }

  private static byte[] read(byte[] stream, int chunk) throws IOException {
    try (GzipMembers members = new GzipMembers(slow(stream, chunk))) {
      return members.readAllBytes();
    }
  }
}
