package io.millrace.activities.training;

import io.millrace.core.models.Field;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of one column in memory, in the order of the rows. Grows at its end. */
abstract sealed class Column {

  /** An empty one. */
  static Column of(Field field) {
    return switch (field.type()) {
      case TEXT -> new Texts();
      case NUMBER -> new Numbers();
      case WHOLE -> new Wholes();
      case TIME -> new Times();
    };
  }

  /** Adds what {@link #text} gave. */
  abstract void add(@Nullable String text);

  /** Adds a column of the current row. */
  abstract void add(ResultSet row, String name) throws SQLException;

  /** The value as text, the same for equal values; null if there is none. */
  abstract @Nullable String text(int row);

  /** The value as its own type; null if there is none. */
  abstract @Nullable Object value(int row);

  /** The value as a number. */
  double number(int row) {
    throw new IllegalStateException("This column has no numbers");
  }

  /** The instants. */
  static final class Times extends Column {
    private final List<Instant> values = new ArrayList<>();

    Instant time(int row) {
      return values.get(row);
    }

    @Override
    void add(@Nullable String text) {
      values.add(Instant.parse(String.valueOf(text)));
    }

    @Override
    void add(ResultSet row, String name) throws SQLException {
      values.add(row.getObject(name, OffsetDateTime.class).toInstant());
    }

    @Override
    String text(int row) {
      return values.get(row).toString();
    }

    @Override
    Object value(int row) {
      return values.get(row);
    }
  }

  private static final class Texts extends Column {
    private final List<@Nullable String> values = new ArrayList<>();

    @Override
    void add(@Nullable String text) {
      values.add(text == null || text.isEmpty() ? null : text);
    }

    @Override
    void add(ResultSet row, String name) throws SQLException {
      add(row.getString(name));
    }

    @Override
    @Nullable String text(int row) {
      return values.get(row);
    }

    @Override
    @Nullable Object value(int row) {
      return values.get(row);
    }
  }

  private static final class Numbers extends Column {
    private double[] values = new double[16];
    private int size;

    private void add(double value) {
      values = size == values.length ? Arrays.copyOf(values, size * 2) : values;
      values[size++] = value;
    }

    @Override
    void add(@Nullable String text) {
      add(Double.parseDouble(String.valueOf(text)));
    }

    @Override
    void add(ResultSet row, String name) throws SQLException {
      add(row.getDouble(name));
    }

    @Override
    String text(int row) {
      return Double.toString(values[row]);
    }

    @Override
    Object value(int row) {
      return values[row];
    }

    @Override
    double number(int row) {
      return values[row];
    }
  }

  private static final class Wholes extends Column {
    private long[] values = new long[16];
    private int size;

    private void add(long value) {
      values = size == values.length ? Arrays.copyOf(values, size * 2) : values;
      values[size++] = value;
    }

    @Override
    void add(@Nullable String text) {
      add(Long.parseLong(String.valueOf(text)));
    }

    @Override
    void add(ResultSet row, String name) throws SQLException {
      add(row.getLong(name));
    }

    @Override
    String text(int row) {
      return Long.toString(values[row]);
    }

    @Override
    Object value(int row) {
      return values[row];
    }

    @Override
    double number(int row) {
      return values[row];
    }
  }
}
