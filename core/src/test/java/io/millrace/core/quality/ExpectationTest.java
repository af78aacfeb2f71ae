package io.millrace.core.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectationTest {
  private static ColumnMeasure measure(long elements, long missing, long unexpected) {
    return new ColumnMeasure(elements, missing, unexpected, List.of());
  }

  @Test
  void judgesRowCounts() {
    var expectation = new ExpectTableRowCountToBeBetween(1, 1_000_000);

    assertThat(expectation.evaluate("dwh.fact_events", 1).success()).isTrue();
    assertThat(expectation.evaluate("dwh.fact_events", 1_000_000).success()).isTrue();
    assertThat(expectation.evaluate("dwh.fact_events", 0).message())
        .isEqualTo(
            "expect_table_row_count_to_be_between failed on dwh.fact_events: 0 rows, expected 1 to"
                + " 1000000");
  }

  @Test
  void allowsAsManyExceptionsAsMostlySays() {
    var expectation = new ExpectColumnValuesToNotBeNull("brand", 0.95);

    assertThat(expectation.evaluate("silver.events", measure(100, 5, 5)).success()).isTrue();
    assertThat(expectation.evaluate("silver.events", measure(100, 6, 6)).success()).isFalse();
  }

  @Test
  void namesRuleTableColumnValueAndThresholdOfAFailure() {
    var expectation = new ExpectColumnValuesToBeInSet("event_type", List.of("view", "cart"), 0.9);
    var result =
        expectation.evaluate("bronze.events", new ColumnMeasure(10, 2, 4, List.of("buy", "sell")));

    assertThat(result.message())
        .isEqualTo(
            "expect_column_values_to_be_in_set failed on bronze.events.event_type: 4 of 8 values"
                + " (50 %) unexpected, at most 10 % allowed; for example buy");
  }

  @Test
  void leavesNullsAsideButForTheRuleAboutThem() {
    var unique = new ExpectColumnValuesToBeUnique("id", 0.5);

    assertThat(unique.evaluate("t", measure(10, 8, 1)).success()).isTrue();
    assertThat(unique.evaluate("t", measure(10, 8, 2)).success()).isFalse();
    assertThat(unique.evaluate("t", measure(10, 10, 0)).success()).isTrue();
    assertThat(unique.evaluate("t", measure(0, 0, 0)).success()).isTrue();
    assertThat(new ExpectColumnValuesToNotBeNull("id").evaluate("t", measure(1, 1, 1)).success())
        .isFalse();
  }

  @Test
  void refusesCountsThatCannotBe() {
    var unique = new ExpectColumnValuesToBeUnique("id");

    assertThatThrownBy(() -> measure(1, 2, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> measure(1, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> unique.evaluate("t", measure(3, 2, 2)))
        .hasMessageContaining("2 unexpected of only 1 values");
  }

  @Test
  void refusesBoundsThatCannotBe() {
    assertThatThrownBy(() -> new ExpectTableRowCountToBeBetween(2, 1)).hasMessageContaining("2");
    assertThatThrownBy(() -> new ExpectColumnValuesToBeBetween("p", 2, 1))
        .hasMessageContaining("between 2.0 and 1.0");
    assertThatThrownBy(() -> new ExpectColumnValuesToBeUnique("p", 0))
        .hasMessageContaining("mostly");
    assertThatThrownBy(() -> new ExpectColumnValuesToBeUnique("p", Double.NaN))
        .hasMessageContaining("mostly");
  }

  @Test
  void keepsTwentyExamplesAndNullsAmongThem() {
    var measure = new ColumnMeasure(30, 30, 30, Collections.nCopies(30, null));

    assertThat(measure.unexpectedValues()).hasSize(20).containsOnlyNulls();
  }

  @Test
  void printsAsGreatExpectationsDoes() {
    var suite =
        new SuiteResult(
            "gold_layer_suite",
            List.of(
                new ExpectTableRowCountToBeBetween(1, 5).evaluate("dwh.fact_events", 7),
                ExpectColumnValuesToBeBetween.above("price", 0)
                    .evaluate(
                        "dwh.fact_events",
                        new ColumnMeasure(8, 4, 1, Arrays.asList(-1.5, 2L, null)))));

    assertThat(suite.success()).isFalse();
    assertThat(suite.summary()).startsWith("gold_layer_suite: 0 of 2 expectations hold; expect_");
    assertThat(suite.toJson())
        .isEqualTo(
            """
            {"success":false,"results":[{"success":false,\
            "expectation_config":{"type":"expect_table_row_count_to_be_between",\
            "kwargs":{"min_value":1,"max_value":5},"meta":{"table":"dwh.fact_events"}},\
            "result":{"observed_value":7},\
            "meta":{"message":"expect_table_row_count_to_be_between failed on dwh.fact_events: \
            7 rows, expected 1 to 5"}},\
            {"success":false,"expectation_config":{"type":"expect_column_values_to_be_between",\
            "kwargs":{"column":"price","min_value":0.0,"strict_min":true,"mostly":1.0},\
            "meta":{"table":"dwh.fact_events"}},\
            "result":{"element_count":8,"unexpected_count":1,"unexpected_percent":25.0,\
            "partial_unexpected_list":[-1.5,2,null],"missing_count":4,"missing_percent":50.0,\
            "unexpected_percent_total":12.5,"unexpected_percent_nonmissing":25.0},\
            "meta":{"message":"expect_column_values_to_be_between failed on dwh.fact_events.price: \
            1 of 4 values (25 %) unexpected, at most 0 % allowed; for example -1.5"}}],\
            "suite_name":"gold_layer_suite","statistics":{"evaluated_expectations":2,\
            "successful_expectations":0,"unsuccessful_expectations":2,"success_percent":0.0}}\
            """);
  }
}
