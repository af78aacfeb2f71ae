package io.millrace.core.input;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The content of a gzip stream (RFC 1952) of one or more members.
 *
 * <p>The rule: every byte of the stream belongs to a whole and correct member, or the stream cannot
 * be read. Of each member the header with its optional parts and their checksum, the compressed
 * data, the CRC-32 and the length are checked. As with gzip(1), zero bytes from the end of the last
 * member to the end of the stream are padding; anything else behind a member is damage.
 *
 * <p>The JDK's {@code GZIPInputStream} does less: it ends without an error after a member at whose
 * end the source has no byte ready, and takes damage behind the first member for the end.
 *
 * <p>Memory is bounded, whatever the number of members and the length of their headers. Not
 * thread-safe.
 */
public final class GzipMembers extends InputStream {
  private final InputStream in;
  private final InputBuffer source;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private @Nullable GzipMember member;
  private @Nullable UnreadableInputException damage;
  private long members;
  private long membersEnd;
  private long length;
  private boolean ended;

  /** Reads from a stream, which it closes with itself. */
  public GzipMembers(InputStream in) {
    this(in, 1 << 16);
  }

  /**
   * Reads from a stream, which it closes with itself.
   *
   * @param buffer the most bytes that it takes of the stream at a time, at least 1
   */
  public GzipMembers(InputStream in, int buffer) {
    this.in = in;
    this.source = new InputBuffer(in, buffer);
  }

  /** How many bytes of the gzip stream there are up to the end of the last whole member. */
  public long membersEnd() {
    return membersEnd;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads at least one byte; -1 at the end of the last member.
   *
   * @throws UnreadableInputException naming the member and where it begins, if the stream is no
   *     gzip, damaged or cut short; every further call throws it again
   * @throws IOException of the source
   */
  @Override
  public int read(byte[] target, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, target.length);
    if (damage != null) {
      throw damage;
    }
    try {
      return count == 0 ? 0 : content(target, from, count);
    } catch (UnreadableInputException e) {
      damage = e;
      throw e;
    }
  }

  private int content(byte[] target, int from, int count) throws IOException {
    while (!ended) {
      GzipMember current = member == null ? begin() : member;
      int read = current == null ? 0 : inflate(current, target, from, count);
      if (read > 0) {
        return read;
      }
      if (current != null) {
        current.readTrailer(crc, length);
        membersEnd = source.position();
      }
      ended = current == null;
      member = null;
    }
    return -1;
  }

  /** Goes over the next member's header; null if there is no further member. */
  private @Nullable GzipMember begin() throws IOException {
    GzipMember next = new GzipMember(source, members + 1, source.position());
    int first = source.next();
    if (members > 0 && first <= 0) {
      if (first == 0 && !isZeroToTheEnd()) {
        throw next.damaged(
            "it does not begin with the bytes 1f 8b, nor are there zeros to the end");
      }
      return null;
    }
    next.readHeader(first);
    members++;
    inflater.reset();
    crc.reset();
    length = 0;
    member = next;
    return next;
  }

  private boolean isZeroToTheEnd() throws IOException {
    int next = source.next();
    while (next == 0) {
      next = source.next();
    }
    return next < 0;
  }

  /** Up to so many bytes of the member, or 0 at its end. */
  private int inflate(GzipMember current, byte[] target, int from, int count) throws IOException {
    try {
      while (!inflater.finished()) {
        if (inflater.needsInput()) {
          feed(current);
        }
        int read = inflater.inflate(target, from, count);
        if (read > 0) {
          crc.update(target, from, read);
          length += read;
          return read;
        }
        if (inflater.needsDictionary()) {
          throw current.damaged("it needs a dictionary");
        }
      }
    } catch (DataFormatException e) {
      throw current.damaged("its compressed data are not valid (%s)".formatted(e.getMessage()));
    }
    source.takeAllBut(inflater.getRemaining());
    return 0;
  }

  private void feed(GzipMember current) throws IOException {
    if (source.isEmpty() && !source.fill()) {
      throw current.cutShort();
    }
    inflater.setInput(source.bytes(), source.at(), source.available());
    source.takeAllBut(0);
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
