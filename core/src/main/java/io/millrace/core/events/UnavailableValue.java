package io.millrace.core.events;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What Debezium sends in place of a value that it does not know: a long one that an update left as
 * it was, in a table whose replica identity is not FULL. The rule: it is no value in any field.
 *
 * <p>It is the connector's {@code unavailable.value.placeholder}; of a column of bytes the same in
 * Base64 or in hexadecimal digits.
 */
public final class UnavailableValue {
  /** That of a connector with Debezium's own placeholder. */
  public static final UnavailableValue STANDARD = of("__debezium_unavailable_value");

  private final String text;
  private final Set<String> forms;

  /** Most texts are of another length, which is quickly seen. */
  private final BitSet lengths = new BitSet();

  private UnavailableValue(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    this.text = text;
    this.forms =
        new HashSet<>(
            List.of(
                text,
                Base64.getEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                HexFormat.of().formatHex(bytes),
                HexFormat.of().withUpperCase().formatHex(bytes)));
    forms.forEach(form -> lengths.set(form.length()));
  }

  /**
   * That of a connector with this placeholder.
   *
   * @throws IllegalArgumentException if it is blank: any empty value would be taken for it
   */
  public static UnavailableValue of(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("The placeholder of unavailable values must not be blank");
    }
    return new UnavailableValue(text);
  }

  /** The placeholder as the connector is configured with it. */
  public String text() {
    return text;
  }

  boolean is(String value) {
    return lengths.get(value.length()) && forms.contains(value);
  }
}
