package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.TriggerRule.Decision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Every row of what Airflow's own code decided: {@code src/test/python/airflow_trigger_rules.py}.
 */
class TriggerRuleParityTest {

  private static final int COMBINATIONS = 1 + 5 + 25 + 125 + 625;

  @Test
  void decidesAsAirflowDoes() throws IOException {
    List<String[]> rows = table();
    List<TriggerRule> rules =
        Arrays.stream(rows.get(0))
            .skip(1)
            .map(name -> TriggerRule.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList();
    assertThat(rules).containsExactlyInAnyOrder(TriggerRule.values());
    assertThat(rows).hasSize(1 + COMBINATIONS);
    for (String[] row : rows.subList(1, rows.size())) {
      for (int i = 0; i < rules.size(); i++) {
        assertThat(letter(rules.get(i).evaluate(counts(row[0]))))
            .as("%s with upstream states '%s'", rules.get(i), row[0])
            .isEqualTo(row[i + 1]);
      }
    }
  }

  private static List<String[]> table() throws IOException {
    try (InputStream file =
        TriggerRuleParityTest.class.getResourceAsStream("/golden/airflow_trigger_rules.csv")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(",", -1))
          .toList();
    }
  }

  private static UpstreamCounts counts(String upstream) {
    return new UpstreamCounts(
        upstream.length(),
        count(upstream, 'S'),
        count(upstream, 'K'),
        count(upstream, 'F'),
        count(upstream, 'U'));
  }

  private static int count(String upstream, char state) {
    return (int) upstream.chars().filter(letter -> letter == state).count();
  }

  private static String letter(Decision decision) {
    return switch (decision) {
      case RUN -> "R";
      case WAIT -> "W";
      case SKIP -> "K";
      case UPSTREAM_FAIL -> "U";
    };
  }
}
