package io.millrace.engine.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a recorded value and the code's contradict each other.
 *
 * <p>Objects agree if the fields that both have agree, so that a record may gain and lose fields;
 * two that have fields but none in common do not. Lists agree element by element and are of the
 * same length, sets in any order. Numbers agree if they are equal, with all digits.
 */
final class Comparison {

  private static final Comparison STRICT = new Comparison(false);
  private static final Comparison SETS_ARE_LISTS = new Comparison(true);

  private final boolean setsAreLists;

  private Comparison(boolean setsAreLists) {
    this.setsAreLists = setsAreLists;
  }

  /**
   * Where two values contradict.
   *
   * @param place for example {@code [0].items[3]}
   */
  record Difference(String place, JsonNode recorded, JsonNode current) {
    Difference in(String outer) {
      return new Difference(outer + place, recorded, current);
    }
  }

  /** Compares the value that the history has with the one that the code makes. */
  static @Nullable Difference between(JsonNode recorded, JsonNode current) {
    return STRICT.compare(recorded, current);
  }

  /**
   * The same for values in which a set can no longer be distinguished from a list, as those that
   * were already JSON when they were sent: lists within objects agree in any order.
   */
  static @Nullable Difference betweenTrees(JsonNode recorded, JsonNode current) {
    return SETS_ARE_LISTS.compare(recorded, current);
  }

  private @Nullable Difference compare(JsonNode recorded, JsonNode current) {
    if (recorded.isArray() && isSet(current)) {
      return unordered(recorded, current.get(Values.SET));
    }
    if (recorded.isObject() && current.isObject()) {
      return fields(recorded, current);
    }
    if (recorded.isArray() && current.isArray()) {
      return elements(recorded, current);
    }
    boolean numbers = recorded.isNumber() && current.isNumber();
    boolean agree =
        numbers
            ? sameNumber(recorded, current)
            : recorded.equals(current) || isSameText(recorded, current);
    return agree ? null : new Difference("", recorded, current);
  }

  private static boolean isSet(JsonNode current) {
    return current.isObject() && current.size() == 1 && current.has(Values.SET);
  }

  private @Nullable Difference fields(JsonNode recorded, JsonNode current) {
    boolean common = false;
    for (Map.Entry<String, JsonNode> field : recorded.properties()) {
      JsonNode other = current.get(field.getKey());
      if (other == null) {
        continue;
      }
      common = true;
      Difference difference = field(field.getValue(), other);
      if (difference != null) {
        return difference.in("." + field.getKey());
      }
    }
    boolean agree = common || recorded.isEmpty() || current.isEmpty();
    return agree ? null : new Difference("", recorded, current);
  }

  private @Nullable Difference field(JsonNode recorded, JsonNode current) {
    boolean inAnyOrder = setsAreLists && recorded.isArray() && current.isArray();
    return inAnyOrder ? unordered(recorded, current) : compare(recorded, current);
  }

  private @Nullable Difference elements(JsonNode recorded, JsonNode current) {
    if (recorded.size() != current.size()) {
      return new Difference("", recorded, current);
    }
    for (int i = 0; i < recorded.size(); i++) {
      Difference difference = compare(recorded.get(i), current.get(i));
      if (difference != null) {
        return difference.in("[%d]".formatted(i));
      }
    }
    return null;
  }

  /** Each element of one agrees with another element of the other. */
  private @Nullable Difference unordered(JsonNode recorded, JsonNode current) {
    if (recorded.size() != current.size()) {
      return new Difference("", recorded, current);
    }
    Map<JsonNode, Integer> same = new LinkedHashMap<>();
    current.forEach(element -> same.merge(element, 1, Integer::sum));
    List<JsonNode> left = new ArrayList<>();
    for (JsonNode element : recorded) {
      if (same.getOrDefault(element, 0) > 0) {
        same.merge(element, -1, Integer::sum);
      } else {
        left.add(element);
      }
    }
    for (JsonNode element : left) {
      JsonNode match = null;
      for (Map.Entry<JsonNode, Integer> candidate : same.entrySet()) {
        if (candidate.getValue() > 0 && compare(element, candidate.getKey()) == null) {
          match = candidate.getKey();
          break;
        }
      }
      if (match == null) {
        return new Difference("", recorded, current);
      }
      same.merge(match, -1, Integer::sum);
    }
    return null;
  }

  private static boolean isSameText(JsonNode recorded, JsonNode current) {
    return recorded.isTextual()
        && current.isTextual()
        && ReplayedIds.agree(recorded.asText(), current.asText());
  }

  /**
   * A number that an older version sent through a tree of doubles was recorded with fewer digits.
   */
  private static boolean sameNumber(JsonNode recorded, JsonNode current) {
    BigDecimal before = recorded.decimalValue();
    if (before.compareTo(current.decimalValue()) == 0) {
      return true;
    }
    double rounded = current.doubleValue();
    return !current.isIntegralNumber()
        && Double.isFinite(rounded)
        && before.compareTo(BigDecimal.valueOf(rounded)) == 0;
  }
}
