package io.millrace.workers.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plain value of any type that an activity returns: numbers 1, flags true, a list of records with
 * one record in it, a list of anything else empty.
 */
final class Samples {
  private static final List<Double> NUMBERS = List.of(1.0, 0.0, 0.5, 2.0);

  private Samples() {}

  /**
   * Makes a value.
   *
   * @throws IllegalArgumentException if a record takes none of the numbers that are tried
   */
  static @Nullable Object of(Type type) {
    RuntimeException refusal = null;
    for (double number : NUMBERS) {
      try {
        return value(type, number);
      } catch (IllegalArgumentException e) {
        refusal = refusal == null ? e : refusal;
      }
    }
    throw new IllegalArgumentException(
        "no sample of %s can be made: %s; give one".formatted(type.getTypeName(), refusal));
  }

  private static @Nullable Object value(Type type, double number) {
    if (type instanceof ParameterizedType generic) {
      return container(generic, number);
    }
    if (!(type instanceof Class<?> plain)) {
      return null;
    }
    if (plain.isRecord()) {
      return record(plain, number);
    }
    if (plain.isEnum()) {
      return plain.getEnumConstants()[0];
    }
    return simple(plain, number);
  }

  private static @Nullable Object simple(Class<?> type, double number) {
    if (type == int.class || type == Integer.class) {
      return (int) number;
    } else if (type == long.class || type == Long.class) {
      return (long) number;
    } else if (type == double.class || type == Double.class) {
      return number;
    } else if (type == float.class || type == Float.class) {
      return (float) number;
    } else if (type == boolean.class || type == Boolean.class) {
      return true;
    } else if (type == String.class) {
      return "sample";
    } else if (type == Instant.class) {
      return Instant.EPOCH;
    } else if (type == LocalDate.class) {
      return LocalDate.EPOCH;
    }
    return type == Duration.class ? Duration.ofSeconds(1) : null;
  }

  private static @Nullable Object container(ParameterizedType type, double number) {
    Type raw = type.getRawType();
    Type item = type.getActualTypeArguments()[0];
    boolean ofRecords = item instanceof Class<?> plain && plain.isRecord();
    if (raw == List.class && ofRecords) {
      Object one = value(item, number);
      return one == null ? List.of() : List.of(one);
    } else if (raw == List.class) {
      return List.of();
    } else if (raw == Set.class) {
      return Set.of();
    }
    return raw == Map.class ? Map.of() : null;
  }

  private static Object record(Class<?> type, double number) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values =
        Arrays.stream(components)
            .map(component -> value(component.getGenericType(), number))
            .toArray();
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          "%s: %s".formatted(type.getSimpleName(), e.getCause()), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName() + " is not public", e);
    }
  }
}
