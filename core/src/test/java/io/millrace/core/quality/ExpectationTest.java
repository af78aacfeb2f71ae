package io.millrace.core.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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

  @Test
  void namesTheValueThatIsDistributedDifferently() {
    var expectation =
        new ExpectColumnKlDivergenceToBeLessThan(
            "event_type", Map.of("view", 94.0, "cart", 6.0), 0.5, 0.001);

    assertThat(expectation.evaluate("bronze.events", Map.of("view", 90L, "cart", 10L)).success())
        .isTrue();
    assertThat(expectation.evaluate("bronze.events", Map.of()).success()).isTrue();
    assertThat(expectation.evaluate("bronze.events", Map.of("cart", 40L)).message())
        .isEqualTo(
            "expect_column_kl_divergence_to_be_less_than failed on bronze.events.event_type:"
                + " divergence 2.8134 of 40 rows from the expected distribution, at most 0.5;"
                + " 'cart' has 100.0 % of the rows, expected 6.0 %");
  }

  @Test
  void namesTheNewestValueAndTheShareOfDistinctOnes() {
    Instant least = Instant.parse("2026-01-02T00:00:00Z");
    var fresh = new ExpectColumnMaxToBeBetween("event_time", least);

    assertThat(fresh.evaluate("t", least).success()).isTrue();
    assertThat(fresh.evaluate("t", null).success()).isTrue();
    assertThat(fresh.evaluate("t", least.minusSeconds(1)).message())
        .isEqualTo(
            "expect_column_max_to_be_between failed on t.event_time: the newest value is"
                + " 2026-01-01T23:59:59Z, expected at least 2026-01-02T00:00:00Z");
    assertThat(
            new ExpectColumnProportionOfUniqueValuesToBeBetween("id", 0.5, 1)
                .evaluate("t", 4, 1)
                .message())
        .isEqualTo(
            "expect_column_proportion_of_unique_values_to_be_between failed on t.id: 1 of 4 values"
                + " are distinct (0.2500), expected 0.5 to 1.0");
  }

  @Test
  void refusesDistributionsThatCannotBe() {
    assertThatThrownBy(() -> new ExpectColumnKlDivergenceToBeLessThan("c", Map.of(), 1, 0.1))
        .hasMessageContaining("above 0");
    assertThatThrownBy(
            () -> new ExpectColumnKlDivergenceToBeLessThan("c", Map.of("a", 0.0), 1, 0.1))
        .hasMessageContaining("above 0");
    assertThatThrownBy(
            () -> new ExpectColumnKlDivergenceToBeLessThan("c", Map.of("a", 1.0), Double.NaN, 0.1))
        .hasMessageContaining("threshold");
    assertThatThrownBy(() -> new ExpectColumnProportionOfUniqueValuesToBeBetween("c", 0.5, 0.4))
        .hasMessageContaining("between 0.5 and 0.4");
    assertThatThrownBy(
            () ->
                new ExpectColumnProportionOfUniqueValuesToBeBetween("c", 0, 1).evaluate("t", 1, 2))
        .hasMessageContaining("2 distinct of 1");
  }
}
