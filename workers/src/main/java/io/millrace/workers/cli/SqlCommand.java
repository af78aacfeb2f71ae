package io.millrace.workers.cli;

import io.millrace.workers.config.PostgresConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Queries of the warehouse. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    header = "Query the warehouse, read-only unless --write is given.",
    description = {
      "",
      "Connects as the settings postgres.jdbc-url, postgres.user and postgres.password say. Without"
          + " a query: lists the tables. A query is one or more statements; times are UTC."
    },
    footer = {
      "",
      "Examples:",
      "  millrace sql",
      "  millrace sql 'select event_type, count(*) from dwh.fact_events group by 1'",
      "  millrace sql @report.sql --format csv > report.csv",
      "",
      "Exit codes: 0 success, 1 the query failed, 2 wrong usage or a statement that PostgreSQL",
      "refuses, 3 the warehouse does not answer."
    })
final class SqlCommand implements Callable<Integer> {
  private static final int CONNECT_SECONDS = 10;
  private static final int FETCHED_AT_ONCE = 1_000;
  private static final String TABLES =
      """
      select n.nspname as schema, c.relname as name,
             case c.relkind when 'v' then 'view' when 'm' then 'view' else 'table' end as kind,
             greatest(c.reltuples, 0)::bigint as about_rows
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
        and n.nspname not in ('pg_catalog', 'information_schema')
      order by 1, 2
      """;

  private final Console console;

  @Parameters(
      paramLabel = "QUERY",
      arity = "0..1",
      description = "SQL, @FILE for the text of a file, or - for the standard input.")
  private @Nullable String query;

  @Option(
      names = "--format",
      paramLabel = "table|csv|json|jsonl",
      defaultValue = "TABLE",
      description = "How rows are printed. Default: ${DEFAULT-VALUE}.")
  private SqlRows.Format format = SqlRows.Format.TABLE;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Rows of a table at most; the other forms print all. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long a statement may take. Default: ${DEFAULT-VALUE}.")
  private int timeout;

  @Option(names = "--write", description = "Let statements change data.")
  private boolean write;

  SqlCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, SQLException {
    if (limit < 1 || timeout < 1) {
      throw CommandFailure.usage("--limit and --timeout must be 1 or more");
    }
    String text = query == null ? TABLES : text(query);
    if (text.isBlank()) {
      throw CommandFailure.usage("the query is empty");
    }
    PostgresConfig config = PostgresConfig.from(Millrace.settings(console));
    try (Connection connection = connect(config);
        Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCHED_AT_ONCE);
      run(statement, text);
      connection.commit();
    }
    console.out().flush();
    return ExitCode.OK;
  }

  private void run(Statement statement, String text) throws SQLException, IOException {
    boolean hasRows = statement.execute(text);
    while (hasRows || statement.getUpdateCount() >= 0) {
      if (hasRows) {
        try (ResultSet rows = statement.getResultSet()) {
          new SqlRows(console, limit).print(rows, format);
        }
      } else if (statement.getUpdateCount() > 0) {
        console.err().println(statement.getUpdateCount() + " rows changed");
      }
      hasRows = statement.getMoreResults();
    }
  }

  private Connection connect(PostgresConfig config) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", config.user());
    properties.setProperty("password", config.password().value());
    properties.setProperty("ApplicationName", "millrace-sql");
    properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("socketTimeout", Integer.toString(timeout + CONNECT_SECONDS));
    properties.setProperty("options", "-c TimeZone=UTC -c statement_timeout=" + timeout + "s");
    Connection connection = DriverManager.getConnection(config.jdbcUrl(), properties);
    connection.setReadOnly(!write);
    connection.setAutoCommit(false);
    return connection;
  }

  private String text(String given) throws IOException {
    if (given.equals("-")) {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (!given.startsWith("@")) {
      return given;
    }
    Path file = console.workingDirectory().resolve(given.substring(1));
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.usage("there is no file " + file);
    }
    return Files.readString(file);
  }
}
