package io.millrace.core.serving;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the fields that matter of a UBJSON model file: the part of UBJSON draft 12 that XGBoost
 * writes. See {@link ModelFields} for the values.
 *
 * <p>No length is believed before that many bytes are there, so that damaged bytes cost no memory.
 */
final class UbjsonDocument {

  private final ByteBuffer bytes;

  private UbjsonDocument(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** Whether bytes start as XGBoost's UBJSON does: an object whose first name has a long length. */
  static boolean isLike(byte[] bytes) {
    return bytes.length > 1 && bytes[0] == '{' && (bytes[1] == 'L' || bytes[1] == '}');
  }

  static Object read(byte[] bytes) {
    try {
      return new UbjsonDocument(ByteBuffer.wrap(bytes)).value(0, true);
    } catch (BufferUnderflowException e) {
      throw new UnsupportedModelException(
          "Damaged model: the UBJSON ends in the middle, after %d bytes".formatted(bytes.length),
          e);
    }
  }

  private Object value(int depth, boolean keep) {
    if (depth > ModelFields.MAX_DEPTH) {
      throw damaged("nested deeper than " + ModelFields.MAX_DEPTH);
    }
    byte marker = bytes.get();
    return switch (marker) {
      case '{' -> object(depth, keep);
      case '[' -> array(depth, keep);
      case 'S' -> text();
      case 'T' -> true;
      case 'F' -> false;
      case 'Z' -> "null";
      default -> number(marker);
    };
  }

  private double number(byte type) {
    return switch (type) {
      case 'd' -> bytes.getFloat();
      case 'D' -> bytes.getDouble();
      case 'i', 'C' -> bytes.get();
      case 'U' -> bytes.get() & 0xff;
      case 'I' -> bytes.getShort();
      case 'l' -> bytes.getInt();
      case 'L' -> bytes.getLong();
      default -> throw damaged("an unknown type, number %d".formatted(type));
    };
  }

  private Map<String, Object> object(int depth, boolean keep) {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (peek() != '}') {
      String name = text();
      boolean read = keep && ModelFields.isRead(name);
      Object value = value(depth + 1, read);
      if (read) {
        fields.put(name, value);
      }
    }
    bytes.get();
    return fields;
  }

  private String text() {
    byte[] text = new byte[length(1)];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private Object array(int depth, boolean keep) {
    if (peek() == '$') {
      bytes.get();
      byte type = bytes.get();
      expect('#');
      return typedArray(type, keep);
    }
    if (peek() == '#') {
      bytes.get();
      return items(depth, length(1), keep);
    }
    List<Object> items = new ArrayList<>();
    while (peek() != ']') {
      add(items, value(depth + 1, keep), keep);
    }
    bytes.get();
    return compact(items);
  }

  private double[] typedArray(byte type, boolean keep) {
    int size =
        switch (type) {
          case 'i', 'U' -> 1;
          case 'I' -> 2;
          case 'l', 'd' -> 4;
          case 'L', 'D' -> 8;
          default -> throw damaged("a list of an unknown type, %d".formatted(type));
        };
    int length = length(size);
    if (!keep) {
      bytes.position(bytes.position() + length * size);
      return new double[0];
    }
    double[] numbers = new double[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = number(type);
    }
    return numbers;
  }

  private Object items(int depth, int length, boolean keep) {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      add(items, value(depth + 1, keep), keep);
    }
    return compact(items);
  }

  private static void add(List<Object> items, Object item, boolean keep) {
    if (keep) {
      items.add(item);
    }
  }

  /** XGBoost before 2.0 wrote some lists of numbers and flags item by item. */
  private static Object compact(List<Object> items) {
    double[] numbers = new double[items.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (items.get(i) instanceof Double number) {
        numbers[i] = number;
      } else if (items.get(i) instanceof Boolean flag) {
        numbers[i] = flag ? 1 : 0;
      } else {
        return items;
      }
    }
    return numbers;
  }

  /** The length of what follows, in items of so many bytes. */
  private int length(int size) {
    expect('L');
    long length = bytes.getLong();
    if (length < 0 || length > bytes.remaining() / size) {
      throw damaged("a length of %d, with %d bytes left".formatted(length, bytes.remaining()));
    }
    return (int) length;
  }

  private byte peek() {
    if (!bytes.hasRemaining()) {
      throw new BufferUnderflowException();
    }
    return bytes.get(bytes.position());
  }

  private void expect(char marker) {
    byte found = bytes.get();
    if (found != marker) {
      throw damaged("%d instead of the marker '%c'".formatted(found, marker));
    }
  }

  private UnsupportedModelException damaged(String what) {
    return new UnsupportedModelException(
        "Damaged model: its UBJSON has %s, near byte %d".formatted(what, bytes.position()));
  }
}
