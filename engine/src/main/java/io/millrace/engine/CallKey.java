package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/**
 * What makes two calls the same: the type of the activity or run, and the arguments as JSON.
 *
 * <p>Arguments are equal if their values are: the order of an object's fields does not count, nor
 * does whether a number is written as 1 or 1.0; every digit counts.
 *
 * @param type the registered name of the activity or workflow
 * @param args a digest of the arguments
 */
record CallKey(String type, String args) {

  /** 144 bits: no two calls of a run have the same by chance. */
  private static final int BYTES = 18;

  static CallKey of(RecordedCall call) {
    return of(call.type(), call.args().stream().map(Json::tree).toList());
  }

  static CallKey of(String type, List<JsonNode> args) {
    StringBuilder text = new StringBuilder();
    args.forEach(arg -> write(arg, text.append('|')));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return new CallKey(type, Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, BYTES)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Whether two values are equal in the sense above. */
  static boolean same(JsonNode one, JsonNode other) {
    return text(one).equals(text(other));
  }

  private static String text(JsonNode value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(JsonNode value, StringBuilder text) {
    if (value.isObject()) {
      List<String> names = new ArrayList<>();
      value.fieldNames().forEachRemaining(names::add);
      Collections.sort(names);
      text.append('{');
      for (String name : names) {
        text.append(name.length()).append(':').append(name);
        write(value.get(name), text.append('='));
      }
      text.append('}');
    } else if (value.isArray()) {
      text.append('[');
      value.forEach(item -> write(item, text.append(',')));
      text.append(']');
    } else if (value.isNumber()) {
      BigDecimal number = value.decimalValue();
      text.append('n').append(number.signum() == 0 ? "0" : number.stripTrailingZeros());
    } else {
      text.append(value.toString());
    }
  }
}
