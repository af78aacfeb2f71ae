package io.millrace.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class BaselineStatisticsTest {

  @Test
  void interpolatesDecilesAsNumPyDoes() {
    // numpy.quantile([1,2,3,4,10], [0,.1,...,1]); numpy.std = 3.1622776601683795
    BaselineStatistics.Numeric price =
        BaselineStatistics.numeric(new double[] {10, 1, Double.NaN, 3, 2, 4});

    assertThat(price.deciles().stream().mapToDouble(Double::doubleValue).toArray())
        .containsExactly(
            new double[] {1, 1.4, 1.8, 2.2, 2.6, 3, 3.4, 3.8, 5.2, 7.6, 10}, within(1e-12));
    assertThat(price.missing()).isEqualTo(1);
    assertThat(price.standardDeviation()).isEqualTo(3.1622776601683795, within(1e-12));
  }

  @Property(tries = 200)
  void putsEveryRowInOneBin(@ForAll @NotEmpty List<@DoubleRange(min = -5, max = 5) Double> values) {
    BaselineStatistics.Numeric numeric =
        BaselineStatistics.numeric(values.stream().mapToDouble(Double::doubleValue).toArray());

    assertThat(numeric.counts().stream().mapToLong(Long::longValue).sum()).isEqualTo(values.size());
    assertThat(numeric.counts()).hasSize(numeric.edges().size() + 1);
    assertThat(numeric.edges()).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void rendersJson() throws Exception {
    BaselineStatistics statistics =
        new BaselineStatistics(
            4,
            Map.of("price", BaselineStatistics.numeric(new double[] {1, 2, 3, 4})),
            Map.of("brand", BaselineStatistics.categorical(Arrays.asList("b", "a", "b", null))));

    JsonNode json = new ObjectMapper().readTree(statistics.toJson());

    assertThat(json.at("/rows").asInt()).isEqualTo(4);
    assertThat(json.at("/numeric/price/deciles")).hasSize(11);
    assertThat(json.at("/categorical/brand/counts/b").asInt()).isEqualTo(2);
    assertThat(json.at("/categorical/brand/missing").asInt()).isEqualTo(1);
  }
}
