package io.millrace.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Bodies, good and bad, that a seed decides. */
final class Bodies {
  static final String PREDICT = "/models/" + FuzzTarget.MODEL + "/predict";
  static final String ENTITIES = "/predict";
  static final String INFERENCE = "/inference";

  /** Values that have broken somebody's parser. */
  private static final List<String> VALUES =
      List.of(
          "NaN",
          "Infinity",
          "-Infinity",
          "nan",
          "1e39",
          "-1e39",
          "1e400",
          "1e-400",
          "-0",
          "-0.0",
          "9".repeat(400),
          "9".repeat(1_200),
          "0." + "1".repeat(990),
          "9223372036854775808",
          "-9223372036854775809",
          "01",
          "+1",
          ".5",
          "1.",
          "0x10",
          "1e",
          "true",
          "null",
          "\"\"",
          "\"1\"",
          "[]",
          "{}",
          "[1]",
          "{\"a\":1}",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\x\"",
          "'1'",
          "\"" + "x".repeat(5_000) + "\"",
          "/**/1",
          "3.4028235e38",
          "3.4028236e38",
          "1E+2");

  private final SplittableRandom random;

  Bodies(SplittableRandom random) {
    this.random = random;
  }

  String valid(String path) {
    return switch (path) {
      case PREDICT ->
          random.nextInt(3) == 0
              ? "{\"entities\":" + entities(1 + random.nextInt(3), FuzzTarget.KNOWN) + "}"
              : "{%s\"instances\":%s}"
                  .formatted(
                      random.nextInt(4) == 0 ? "\"user\": 7, " : "", instances(random.nextInt(4)));
      case INFERENCE ->
          "{\"input_data\":[%s,%s,%d,null]%s}"
              .formatted(
                  brand(),
                  number(),
                  random.nextInt(7),
                  pick(
                      List.of(
                          "",
                          ",\"model_version\":\"7\"",
                          ",\"retries\":0",
                          ",\"sla_seconds\":5.5")));
      default -> entities(random.nextInt(4), FuzzTarget.KNOWN + 5);
    };
  }

  String instances(int count) {
    StringBuilder list = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      list.append(i == 0 ? "" : ",").append("{\"price\":").append(number());
      list.append(random.nextBoolean() ? ",\"brand\":" + brand() : "");
      list.append(random.nextBoolean() ? ",\"event_weekday\":" + random.nextInt(7) : "");
      list.append(random.nextBoolean() ? ",\"activity_count\" : " + random.nextInt(100) : "");
      list.append('}');
    }
    return list.append(']').toString();
  }

  String entities(int count, int highest) {
    StringBuilder list = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      list.append(i == 0 ? "" : ",")
          .append("{\"user_id\":")
          .append(random.nextInt(highest + 1))
          .append(",\"product_id\":")
          .append(random.nextInt(highest + 1))
          .append('}');
    }
    return list.append(']').toString();
  }

  private String brand() {
    return pick(
        List.of("\"apple\"", "\"sony\"", "\"unheard of\"", "12", "\"ünïcödé\"", "\"\\u0061pple\""));
  }

  private String number() {
    return switch (random.nextInt(4)) {
      case 0 -> Integer.toString(random.nextInt());
      case 1 -> Double.toString(random.nextDouble(-1e6, 1e6));
      case 2 -> random.nextInt(1_000) + "e" + random.nextInt(-40, 30);
      default -> Double.toString(Math.round(random.nextDouble(0, 50_000)) / 100.0);
    };
  }

  /** A valid body with a few of its bytes changed, taken out, doubled or cut off. */
  byte[] mutated(String path) {
    byte[] bytes = valid(path).getBytes(UTF_8);
    for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 1; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) "{}[]\",:0123456789.eE+-tfn\\ ".charAt(random.nextInt(27));
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 ->
            bytes =
                joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + 1, bytes.length));
        default ->
            bytes =
                joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at / 2, bytes.length));
      }
    }
    return bytes;
  }

  byte[] noise() {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A valid body with one of its values replaced by an odd one. */
  String oddValue(String path) {
    String body = valid(path);
    int colon = body.indexOf(':', random.nextInt(body.length()));
    if (colon < 0) {
      return pick(VALUES);
    }
    int end = colon + 1;
    while (end < body.length() && ",}]".indexOf(body.charAt(end)) < 0) {
      end++;
    }
    return body.substring(0, colon + 1) + pick(VALUES) + body.substring(end);
  }

  String deep() {
    int depth = pick(List.of(10, 900, 1_001, 50_000));
    String open = pick(List.of("[", "{\"a\":", "{\"instances\":[", "{\"input_data\":["));
    return pick(List.of("", "{\"instances\":", "{\"user\":"))
        + open.repeat(depth)
        + (random.nextBoolean() ? "]".repeat(depth) : "");
  }

  String doubledKey(String path) {
    return switch (path) {
      case PREDICT ->
          pick(
              List.of(
                  "{\"instances\":[],\"instances\":[]}",
                  "{\"user\":1,\"user\":2,\"instances\":[]}",
                  "{\"instances\":[{\"price\":1,\"price\":1}]}",
                  "{\"instances\":[{\"price\":1,\"brand\":null,\"brand\":null}]}",
                  "{\"entities\":[],\"entities\":[]}",
                  "{\"entities\":[{\"user_id\":1,\"user_id\":1,\"product_id\":1}]}",
                  "{\"entities\":[{\"user_id\":1,\"product_id\":1,\"user_session\":null,\"user_session\":\"a\"}]}"));
      case INFERENCE -> "{\"input_data\":[1,2,3,4],\"retries\":1,\"retries\":1}";
      default -> "[{\"product_id\":1,\"user_id\":1,\"product_id\":1}]";
    };
  }

  String unknownField(String path) {
    String name =
        pick(
            List.of(
                "colour",
                "x".repeat(3_000),
                "\\u0000",
                "__proto__",
                "price ",
                "Ünï" + random.nextInt()));
    return path.equals(ENTITIES)
        ? "[{\"user_id\":1,\"product_id\":2,\"" + name + "\":3}]"
        : valid(path).replaceFirst("\\{", "{\"" + name.replace("\\", "\\\\") + "\":1,");
  }

  /** Bytes that are no UTF-8, inside of a text. */
  byte[] badUtf8(String path) {
    byte[] bad =
        pick(
            List.of(
                new byte[] {(byte) 0xC0, (byte) 0xAF},
                new byte[] {(byte) 0xFF},
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
                new byte[] {(byte) 0xE2, (byte) 0x82}));
    String begin =
        path.equals(ENTITIES)
            ? "[{\"user_id\":1,\"product_id\":2,\"user_session\":\""
            : "{\"instances\":[{\"price\":1,\"brand\":\"";
    String end = path.equals(ENTITIES) ? "\"}]" : "\"}]}";
    return joined(joined(begin.getBytes(UTF_8), bad), end.getBytes(UTF_8));
  }

  byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
