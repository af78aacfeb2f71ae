package io.millrace.core.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Compares with what Great Expectations itself said: src/test/python/golden_expectations.py. */
class GreatExpectationsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void agreesWithGreatExpectations() throws IOException {
    int cases = 0;
    for (String line : lines()) {
      JsonNode golden = JSON.readTree(line);
      JsonNode ours = JSON.readTree(evaluate(golden).toJson());

      assertThat(ours.at("/expectation_config/type")).as(line).isEqualTo(golden.get("type"));
      assertThat(ours.get("success")).as(line).isEqualTo(golden.get("success"));
      assertResult(line, ours.get("result"), golden.get("result"));
      cases++;
    }
    assertThat(cases).isEqualTo(76);
  }

  /** All but the two lists that repeat the values with their counts and places. */
  private static void assertResult(String line, JsonNode ours, JsonNode golden) {
    for (Map.Entry<String, JsonNode> field : golden.properties()) {
      if (field.getKey().matches("partial_unexpected_(counts|index_list)")) {
        continue;
      }
      JsonNode value = ours.get(field.getKey());
      assertThat(value).as(field.getKey() + " of " + line).isNotNull();
      if (field.getValue().isDouble()) {
        assertThat(value.doubleValue()).isCloseTo(field.getValue().doubleValue(), within(1e-9));
      } else {
        assertThat(value).as(field.getKey() + " of " + line).isEqualTo(field.getValue());
      }
    }
  }

  private static ExpectationResult evaluate(JsonNode golden) {
    List<Object> values = values(golden.get("values"));
    String column = golden.path("column").asText();
    double mostly = golden.path("mostly").asDouble();
    return switch (golden.get("type").asText()) {
      case "expect_table_row_count_to_be_between" ->
          new ExpectTableRowCountToBeBetween(
                  golden.get("min_value").asLong(), golden.get("max_value").asLong())
              .evaluate("t", values.size());
      case "expect_column_values_to_not_be_null" ->
          judge(new ExpectColumnValuesToNotBeNull(column, mostly), values, Objects::isNull);
      case "expect_column_values_to_be_unique" ->
          judge(
              new ExpectColumnValuesToBeUnique(column, mostly),
              values,
              value -> value != null && Collections.frequency(values, value) > 1);
      case "expect_column_values_to_be_between" -> {
        var expectation = new ExpectColumnValuesToBeBetween(column, 0.0, 4.0, false, false, mostly);
        yield judge(expectation, values, v -> v instanceof Double d && (d < 0 || d > 4));
      }
      case "expect_column_values_to_be_in_set" -> {
        List<Object> set = values(golden.get("value_set"));
        var expectation = new ExpectColumnValuesToBeInSet(column, set, mostly);
        yield judge(expectation, values, value -> value != null && !set.contains(value));
      }
      case "expect_column_values_to_match_regex" -> {
        String regex = golden.get("regex").asText();
        var expectation = new ExpectColumnValuesToMatchRegex(column, regex, mostly);
        yield judge(expectation, values, v -> v instanceof String text && !text.matches(regex));
      }
      default -> throw new AssertionError(golden);
    };
  }

  private static ExpectationResult judge(
      ColumnExpectation expectation, List<Object> values, Predicate<Object> unexpected) {
    List<Object> bad = values.stream().filter(unexpected).toList();
    long missing = values.stream().filter(Objects::isNull).count();
    return expectation.evaluate("t", new ColumnMeasure(values.size(), missing, bad.size(), bad));
  }

  private static List<Object> values(JsonNode array) {
    List<Object> values = new ArrayList<>();
    for (JsonNode value : array) {
      values.add(value.isNull() ? null : value.isTextual() ? value.asText() : value.asDouble());
    }
    return values;
  }

  private static List<String> lines() throws IOException {
    try (InputStream file =
        GreatExpectationsTest.class.getResourceAsStream("/golden/expectations.jsonl")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }
}
