package io.millrace.core.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;

/**
 * The messages of {@code tracking.user_behavior.validated} and {@code …invalid}: the input with
 * {@code valid}, {@code error_message}, {@code error_type} and {@code metadata} added.
 *
 * <p>The input's bytes are copied, not parsed and printed again, so that numbers and text stay as
 * the producer wrote them. Where the input brings one of the four keys itself, ours replaces it.
 * The result is one line of JSON: line breaks between the input's tokens become blanks.
 */
public final class OutputEnvelope {
  /** The most bytes by which {@link #valid} is longer than its input. */
  static final int MAX_ADDED = 256;

  private static final Set<String> OURS =
      Set.of("valid", "error_message", "error_type", "metadata");
  private static final byte[] VALID =
      """
      "valid":"VALID","error_message":null,"error_type":null,"metadata":{"processed_at":"\
      """
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\"}}".getBytes(StandardCharsets.US_ASCII);
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private OutputEnvelope() {}

  /**
   * The message for an event: {@code "valid":"VALID"}, no error, {@code metadata.processed_at}.
   *
   * @param input bytes that {@link EventReader} found {@link Verdict.Valid}; not checked again
   * @param processedAt written as ISO 8601 in UTC without a zone, to the microsecond
   */
  public static byte[] valid(byte[] input, Instant processedAt) {
    byte[] time = TimestampTextCache.pythonIso(processedAt);
    JsonBytes out = members(input, VALID.length + time.length + END.length);
    return out.raw(VALID).raw(time).raw(END).toBytes();
  }

  /**
   * The message for an input that is no event.
   *
   * <p>For {@link Verdict.Invalid} it is the input with the broken rule, error type {@code
   * SCHEMA_VALIDATION_ERROR} and empty metadata. For {@link Verdict.Unreadable} the input stands in
   * {@code raw_data} as text, error type {@code PROCESSING_ERROR}; bytes that are not UTF-8 cannot
   * survive as text, so that {@code raw_data_base64} holds them as well. The result can be seven
   * times as long as the input, if that is nothing but control characters.
   *
   * @param input the message's bytes; empty for a message without a value
   * @param verdict what {@link EventReader} said about these bytes
   * @throws IllegalArgumentException if the verdict is that the input is valid
   */
  public static byte[] invalid(byte[] input, Verdict verdict, Instant processedAt) {
    if (verdict instanceof Verdict.Invalid invalid) {
      JsonBytes out = members(input, 160);
      out.ascii("\"valid\":\"INVALID\",\"error_message\":").string(invalid.errorMessage());
      out.ascii(",\"error_type\":\"").ascii(Verdict.SCHEMA_VALIDATION_ERROR);
      return out.ascii("\",\"metadata\":{}}").toBytes();
    }
    if (verdict instanceof Verdict.Unreadable unreadable) {
      return unreadable(input, unreadable, processedAt);
    }
    throw new IllegalArgumentException("A valid message has no place among the invalid ones");
  }

  private static byte[] unreadable(byte[] input, Verdict.Unreadable verdict, Instant processedAt) {
    JsonBytes out = new JsonBytes(input.length + 256);
    out.ascii("{\"valid\":\"INVALID\",\"error_message\":").string(verdict.errorMessage());
    out.ascii(",\"error_type\":\"").ascii(Verdict.PROCESSING_ERROR);
    out.ascii("\",\"raw_data\":").string(new String(input, StandardCharsets.UTF_8));
    if (!new Utf8().isValid(input)) {
      out.ascii(",\"raw_data_base64\":\"").raw(Base64.getEncoder().encode(input)).ascii('"');
    }
    return processedAt(out.ascii(",\"metadata\":"), processedAt).ascii('}').toBytes();
  }

  private static JsonBytes processedAt(JsonBytes out, Instant processedAt) {
    out.ascii("{\"processed_at\":\"");
    return out.raw(TimestampTextCache.pythonIso(processedAt)).ascii("\"}");
  }

  /**
   * The input's object up to and with the comma after its last member that is not ours.
   *
   * @param room bytes that will follow
   */
  private static JsonBytes members(byte[] input, int room) {
    if (EnvelopeScan.isPlain(input)) {
      int end = input.length - 1;
      while (input[end] != '}') {
        end--;
      }
      return new JsonBytes(end + 1 + room).raw(input, 0, end).ascii(',');
    }
    JsonBytes out = new JsonBytes(input.length + 1 + room);
    try (JsonParser parser = JSON.createParser(input)) {
      copyOthers(input, parser, out);
    } catch (IOException e) {
      throw new UncheckedIOException("Input was not judged by an EventReader", e);
    }
    return out.onOneLine();
  }

  private static void copyOthers(byte[] input, JsonParser parser, JsonBytes out)
      throws IOException {
    out.ascii('{');
    parser.nextToken();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      int from = (int) parser.currentTokenLocation().getByteOffset();
      boolean ours = OURS.contains(parser.currentName());
      parser.nextToken();
      parser.skipChildren();
      parser.finishToken();
      if (!ours) {
        out.raw(input, from, (int) parser.currentLocation().getByteOffset()).ascii(',');
      }
    }
  }
}
