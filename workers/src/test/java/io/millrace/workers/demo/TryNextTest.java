package io.millrace.workers.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.features.OnlineKey;
import io.millrace.workers.cli.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TryNextTest {
  private static final Path HOME = Path.of("/home/ana/millrace");

  @Test
  void asksForAUserThatExistsAndSaysWhereTheCredentialsAre() {
    PrintWriter writer = new PrintWriter(new StringWriter());
    Console console = new Console(writer, writer, true, 80, Map.of(), HOME, HOME);
    URI serving = URI.create("http://127.0.0.1:8000");

    assertThat(TryNext.lines(console, serving, List.of(new OnlineKey(7, 11))))
        .containsExactly(
            "scripts/millrace sql 'select event_type, count(*) from dwh.fact_events group by 1'",
            "curl -s http://127.0.0.1:8000/predict -H 'Content-Type: application/json' \\\n"
                + "    -d '[{\"user_id\": 7, \"product_id\": 11}]'",
            "cat .millrace/endpoints.properties   # credentials");
    assertThat(TryNext.lines(console, serving, List.of()).get(1))
        .isEqualTo("curl -s http://127.0.0.1:8000/models");
  }
}
