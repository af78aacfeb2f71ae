package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.workers.payload.PayloadAccess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The command on a real server, whose namespace keeps histories for 30 days. */
class SweepPayloadsIT {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void deletesWhatIsPastTheRetentionAndRefusesOneThatIsTooShort() {
    try (LocalStack stack = LocalStack.forTests(Component.TEMPORAL, Component.S3)) {
      Path state = stack.stack().config().state();
      Console console = console(state, Map.of("MILLRACE_DATA", state.toString()));
      try (PayloadAccess payloads = PayloadAccess.of(Millrace.settings(console))) {
        payloads.store().put("payloads/2026-01-01/" + "a".repeat(64), new byte[1]);
      }

      int tooShort =
          Millrace.commandLine(
                  console(
                      state,
                      Map.of("MILLRACE_DATA", state.toString(), "PAYLOADS_RETENTION", "P30D")))
              .execute("sweep-payloads");
      assertThat(tooShort).isEqualTo(ExitCode.USAGE);
      assertThat(err.toString())
          .contains("payloads.retention is 30 days, but histories are kept for 30 days");

      assertThat(Millrace.commandLine(console).execute("sweep-payloads", "--json")).isZero();
      assertThat(out.toString()).contains("\"payloads\" : 1").contains("\"memos\" : 0");
    }
  }

  private Console console(Path state, Map<String, String> environment) {
    return new Console(
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        false,
        100,
        environment,
        state,
        state);
  }
}
