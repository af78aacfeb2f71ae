package io.millrace.activities.warehouse;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * The PostgreSQL database with bronze, silver and gold. Connecting has a timeout, and so has every
 * statement, on either side.
 *
 * <p>Every failure is a {@link PipelineException}. Can be used by any number of threads.
 */
public final class Warehouse implements AutoCloseable {
  private static final int SOCKET_SLACK_SECONDS = 60;

  private final PostgresConfig config;
  private final HikariDataSource pool;

  /** Makes a pool; does not connect yet. */
  public Warehouse(PostgresConfig config) {
    this.config = config;
    long statementSeconds = config.statementTimeout().toSeconds();
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName("warehouse");
    hikari.setJdbcUrl(config.jdbcUrl());
    hikari.setUsername(config.user());
    hikari.setPassword(config.password());
    hikari.setMaximumPoolSize(config.maxConnections());
    hikari.setMinimumIdle(0);
    hikari.setConnectionTimeout(config.connectTimeout().toMillis());
    hikari.setInitializationFailTimeout(-1);
    hikari.addDataSourceProperty("ApplicationName", "millrace");
    hikari.addDataSourceProperty(
        "connectTimeout", String.valueOf(config.connectTimeout().toSeconds()));
    hikari.addDataSourceProperty(
        "socketTimeout", String.valueOf(statementSeconds + SOCKET_SLACK_SECONDS));
    hikari.addDataSourceProperty("tcpKeepAlive", "true");
    // The statements are few and large: each is worth a plan for its own values.
    hikari.addDataSourceProperty("prepareThreshold", "0");
    hikari.addDataSourceProperty(
        "options",
        "-c TimeZone=UTC -c statement_timeout=" + statementSeconds + "s -c work_mem=128MB");
    this.pool = new HikariDataSource(hikari);
  }

  /** Creates or updates the schemas. Any number of processes may do so at once. */
  public Warehouse migrate() {
    try {
      Flyway.configure()
          .dataSource(pool)
          .locations("classpath:db/migration")
          .loggers("slf4j")
          .load()
          .migrate();
      return this;
    } catch (FlywayException e) {
      Throwable cause = e;
      while (cause != null && !(cause instanceof SQLException)) {
        cause = cause.getCause();
      }
      throw cause == null ? e : translate((SQLException) cause);
    }
  }

  /** Work inside one transaction. */
  public interface Work<R> {
    R run(DSLContext sql) throws SQLException;
  }

  /**
   * Runs the work and commits, or rolls back if it throws. The commit is on disk when it returns.
   */
  public <R> R transaction(Work<R> work) {
    return transaction("on", work);
  }

  /**
   * Like {@link #transaction}, but does not wait for the disk. After a crash of the server, the
   * newest of these transactions may be undone as a whole, rows and progress marks together, so
   * that the next run does them again. A later {@link #transaction} makes all earlier ones durable.
   */
  public <R> R relaxedTransaction(Work<R> work) {
    return transaction("off", work);
  }

  private <R> R transaction(String synchronousCommit, Work<R> work) {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL synchronous_commit = " + synchronousCommit);
        R result = work.run(DSL.using(connection, SQLDialect.POSTGRES));
        connection.commit();
        return result;
      } catch (Throwable e) {
        rollBack(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw translate(e);
    } catch (DataAccessException e) {
      SQLException cause = e.getCause(SQLException.class);
      throw cause == null ? e : translate(cause);
    }
  }

  private static void rollBack(Connection connection, Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  private PipelineException translate(SQLException e) {
    return DatabaseFailures.translate(config, e);
  }

  @Override
  public void close() {
    pool.close();
  }

  /** A failure that says nothing is wrong with the data, only with how it was asked for. */
  static PipelineException invalid(String message) {
    return new PipelineException(PipelineFailure.INVALID_INPUT, message);
  }
}
