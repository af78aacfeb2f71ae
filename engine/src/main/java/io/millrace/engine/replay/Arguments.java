package io.millrace.engine.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.google.protobuf.ByteString;
import io.millrace.engine.replay.Comparison.Difference;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.RawValue;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the recorded arguments of a call with those that the code gives it now. */
final class Arguments {

  private static final Logger logger = LoggerFactory.getLogger(Arguments.class);
  private static final String ENCODING = "encoding";
  private static final String NO_VALUE = "binary/null";

  private Arguments() {}

  /**
   * Where they contradict each other; null if they agree, or if the recorded ones cannot be read
   * any more, which is logged.
   */
  static @Nullable Difference difference(Recorded recorded, CurrentCall call) {
    Payloads input = recorded.input();
    if (input == null) {
      return null;
    }
    try {
      if (input.getPayloadsCount() != call.args().size()) {
        return new Difference(" (their number)", NullNode.instance, NullNode.instance);
      }
      for (int i = 0; i < call.args().size(); i++) {
        Difference difference = argument(input.getPayloads(i), i, call);
        if (difference != null) {
          return difference.in("[%d]".formatted(i));
        }
      }
      return null;
    } catch (RuntimeException e) {
      // A blob that is gone, a key that is not there: replays did not need the arguments so far.
      logger.warn(
          "The arguments of {} in event {} cannot be read, so they are not compared with the code",
          call.summary(),
          recorded.eventId(),
          e);
      return null;
    }
  }

  private static @Nullable Difference argument(Payload payload, int index, CurrentCall call) {
    Payload plain = decoded(payload, call.converter());
    Object arg = call.args().get(index);
    JsonNode recorded = json(plain);
    if (recorded == null) {
      Payload now = encoded(arg, call.converter());
      return plain.equals(now)
          ? null
          : new Difference("", JsonNodeFactory.instance.missingNode(), NullNode.instance);
    }
    if (agreesAsWritten(recorded, arg, call)) {
      return null;
    }
    JsonNode current = json(encoded(arg, call.converter()));
    return current == null
        ? new Difference("", recorded, NullNode.instance)
        : between(recorded, current, call);
  }

  /** Without the client's converter, which may have to store a blob; it alone knows raw values. */
  private static boolean agreesAsWritten(
      JsonNode recorded, @Nullable Object arg, CurrentCall call) {
    if (arg instanceof RawValue) {
      return false;
    }
    try {
      return between(recorded, Values.tree(arg), call) == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable Difference between(
      JsonNode recorded, JsonNode current, CurrentCall call) {
    return call.isChunk()
        ? ChunkItems.difference(recorded, current)
        : Comparison.between(recorded, current);
  }

  /**
   * The recorded arguments for people, shortened; hidden unless the history itself shows them, for
   * they may be encrypted.
   */
  static String text(Recorded recorded) {
    Payloads input = recorded.input();
    return input == null ? "not recorded" : text(input.getPayloadsList());
  }

  /** The code's arguments, shown if {@link #text(Recorded)} shows the recorded ones. */
  static String text(CurrentCall call, Recorded recorded) {
    Payloads input = recorded.input();
    if (input != null && !input.getPayloadsList().stream().allMatch(Arguments::isPlain)) {
      return "[encoded]";
    }
    return text(call.args().stream().map(arg -> encoded(arg, call.converter())).toList());
  }

  private static String text(List<Payload> payloads) {
    if (!payloads.stream().allMatch(Arguments::isPlain)) {
      return "[encoded]";
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    payloads.forEach(payload -> all.add(json(payload)));
    return Mismatch.shortened(all.toString());
  }

  private static boolean isPlain(Payload payload) {
    return json(payload) != null;
  }

  private static Payload decoded(Payload payload, DataConverter converter) {
    return converter.fromPayload(payload, RawValue.class, RawValue.class).getPayload();
  }

  /** A value as it comes back from the history. */
  private static Payload encoded(@Nullable Object value, DataConverter converter) {
    return converter
        .toPayload(value)
        .map(payload -> decoded(payload, converter))
        .orElse(Payload.getDefaultInstance());
  }

  /** What a decoded payload holds, or null if that is no JSON. */
  private static @Nullable JsonNode json(Payload payload) {
    String encoding = payload.getMetadataOrDefault(ENCODING, ByteString.EMPTY).toStringUtf8();
    if (encoding.equals(NO_VALUE)) {
      return NullNode.instance;
    }
    if (!encoding.startsWith("json/")) {
      return null;
    }
    try {
      return Values.parse(payload.getData());
    } catch (UncheckedIOException e) {
      return null;
    }
  }
}
