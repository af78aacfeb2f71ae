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
import java.util.LinkedHashMap;
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
    assertThat(cases).isEqualTo(101);
  }

  /** All but the two lists that repeat the values with their counts and places. */
  private static void assertResult(String line, JsonNode ours, JsonNode golden) {
    for (Map.Entry<String, JsonNode> field : golden.properties()) {
      if (field.getKey().matches("partial_unexpected_(counts|index_list)")) {
        continue;
      }
      JsonNode value = ours.get(field.getKey());
      assertThat(value).as(field.getKey() + " of " + line).isNotNull();
      assertValue(field.getKey() + " of " + line, value, field.getValue());
    }
  }

  private static void assertValue(String what, JsonNode value, JsonNode golden) {
    if (golden.isDouble()) {
      assertThat(value.doubleValue()).as(what).isCloseTo(golden.doubleValue(), within(1e-9));
    } else if (golden.isContainerNode() && !golden.isEmpty()) {
      assertThat(value).as(what).hasSize(golden.size());
      for (Map.Entry<String, JsonNode> field : golden.properties()) {
        assertValue(what, value.get(field.getKey()), field.getValue());
      }
      for (int i = 0; golden.isArray() && i < golden.size(); i++) {
        assertValue(what, value.get(i), golden.get(i));
      }
    } else if (golden.isNumber()) {
      assertThat(value.decimalValue()).as(what).isEqualByComparingTo(golden.decimalValue());
    } else {
      assertThat(value).as(what).isEqualTo(golden);
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
      case "expect_table_row_count_to_equal" ->
          new ExpectTableRowCountToEqual(golden.get("value").asLong(), "the caller")
              .evaluate("t", values.size());
      case "expect_column_proportion_of_unique_values_to_be_between" ->
          new ExpectColumnProportionOfUniqueValuesToBeBetween(
                  column, golden.get("min_value").asDouble(), golden.get("max_value").asDouble())
              .evaluate(
                  "t",
                  counts(values).values().stream().mapToLong(n -> n).sum(),
                  counts(values).size());
      case "expect_column_kl_divergence_to_be_less_than" ->
          divergence(golden, column).evaluate("t", counts(values));
      default -> throw new AssertionError(golden);
    };
  }

  private static ExpectColumnKlDivergenceToBeLessThan divergence(JsonNode golden, String column) {
    Map<String, Double> weights = new LinkedHashMap<>();
    JsonNode partition = golden.get("partition_object");
    for (int i = 0; i < partition.get("values").size(); i++) {
      weights.put(partition.at("/values/" + i).asText(), partition.at("/weights/" + i).asDouble());
    }
    return new ExpectColumnKlDivergenceToBeLessThan(
        column,
        weights,
        golden.get("threshold").asDouble(),
        golden.get("tail_weight_holdout").asDouble());
  }

  private static Map<String, Long> counts(List<Object> values) {
    Map<String, Long> counts = new LinkedHashMap<>();
    values.stream()
        .filter(Objects::nonNull)
        .forEach(value -> counts.merge(String.valueOf(value), 1L, Long::sum));
    return counts;
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
