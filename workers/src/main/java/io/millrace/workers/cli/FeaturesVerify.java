package io.millrace.workers.cli;

import io.millrace.activities.PipelineException;
import io.millrace.activities.features.OnlineStore;
import io.millrace.activities.features.OnlineVerification;
import io.millrace.activities.warehouse.PostgresConfig;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.workers.config.RedisConfig;
import io.millrace.workers.config.Settings;
import io.millrace.workflows.PipelineFailure;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the online store with the warehouse. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    header = "Compare the online features with the warehouse's, row by row.",
    description = {
      "",
      "A row is the newest features of a user and a product. Rows that are newer online are no"
          + " difference: the warehouse has not loaded their events yet. Without --all, only"
          + " sessions that got events within features.online-ttl are compared, because other rows"
          + " may rightly have expired. Changes nothing."
    },
    footer = {"", "Exit codes: 0 no difference, 1 some, 3 PostgreSQL or Redis does not answer."})
final class FeaturesVerify implements Callable<Integer> {
  private final Console console;

  @Option(names = "--all", description = "Compare everything that the warehouse holds.")
  private boolean all;

  @Option(
      names = "--first",
      paramLabel = "N",
      defaultValue = "10",
      description = "Show so many differences. Default: ${DEFAULT-VALUE}.")
  private int first;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  FeaturesVerify(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (first < 0) {
      throw CommandFailure.usage("--first must be 0 or more, but is " + first);
    }
    OnlineVerification.Report report = verify(Millrace.settings(console));
    if (json) {
      Json.print(console, fields(report));
    } else {
      print(report);
    }
    return report.differences() == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private OnlineVerification.Report verify(Settings settings) {
    var postgres = io.millrace.workers.config.PostgresConfig.from(settings);
    RedisConfig redis = RedisConfig.from(settings);
    try (Warehouse warehouse =
            new Warehouse(
                PostgresConfig.of(
                    postgres.jdbcUrl(), postgres.user(), postgres.password().value()));
        OnlineStore online = new OnlineStore(redis.uri().toString(), redis.timeToLive())) {
      return OnlineVerification.of(warehouse, online, all, first);
    } catch (PipelineException e) {
      String message = String.valueOf(e.getMessage());
      throw e.failure() == PipelineFailure.UNAVAILABLE
          ? CommandFailure.unreachable(message, e)
          : CommandFailure.failed(message, e);
    }
  }

  private static Map<String, Object> fields(OnlineVerification.Report report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("rows", report.rows());
    fields.put("equal", report.equal());
    fields.put("missing", report.missing());
    fields.put("behind", report.behind());
    fields.put("different", report.different());
    fields.put("ahead", report.ahead());
    fields.put("only_online", report.onlyOnline());
    fields.put("differences", report.differences());
    fields.put("first", report.first());
    return fields;
  }

  private void print(OnlineVerification.Report report) {
    count("rows in the warehouse", report.rows());
    count("equal online", report.equal());
    count("missing online", report.missing());
    count("behind online", report.behind());
    count("different online", report.different());
    count("ahead online, which is no difference", report.ahead());
    if (report.onlyOnline() >= 0) {
      count("only online, which is no difference", report.onlyOnline());
    }
    for (OnlineVerification.Difference difference : report.first()) {
      console
          .out()
          .printf(
              "%n%s: user %d, product %d%n  offline %s%n  online  %s%n",
              difference.kind(),
              difference.userId(),
              difference.productId(),
              difference.offline(),
              difference.online() == null ? "-" : difference.online());
    }
    console.out().flush();
  }

  private void count(String what, long count) {
    console.out().printf(Locale.ROOT, "%,12d  %s%n", count, what);
  }
}
