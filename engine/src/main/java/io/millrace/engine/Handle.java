package io.millrace.engine;

import io.temporal.workflow.Functions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A value that a task will have when it has succeeded.
 *
 * <p>Passing a handle to another task makes the edge between the two, as in Airflow's TaskFlow.
 *
 * @param <T> the type of the value; null if the task was skipped and the reader's rule allows that
 */
public abstract sealed class Handle<T> implements Upstream permits Definition, Derived {

  /** The tasks that make the value. */
  abstract Set<Node<?, ?>> sources();

  @Override
  public final Set<Node<?, ?>> ends() {
    return sources();
  }

  /** The value, once the sources have ended. */
  abstract T value();

  /**
   * Returns a handle on something computed from the value, without a task of its own.
   *
   * @param function pure and fast; runs in workflow code, so it must be deterministic
   */
  public <R> Handle<R> derive(Functions.Func1<? super T, R> function) {
    return new Derived<>(sources(), () -> function.apply(value()));
  }

  /** Returns a handle on something computed from two values, without a task of its own. */
  public <U, R> Handle<R> combine(
      Handle<U> other, Functions.Func2<? super T, ? super U, R> function) {
    return new Derived<>(
        Derived.union(sources(), other.sources()), () -> function.apply(value(), other.value()));
  }

  /**
   * Two items that belong together.
   *
   * @param left of the first list
   * @param right of the second list
   */
  public record Pair<A, B>(A left, B right) {}

  /**
   * Every item of one list with every item of another, as Airflow's {@code expand} with two
   * arguments; the order is that of the first list, then of the second.
   */
  public static <A, B> Handle<List<Pair<A, B>>> cross(Handle<List<A>> left, Handle<List<B>> right) {
    return left.combine(right, (a, b) -> a == null || b == null ? null : product(a, b));
  }

  /**
   * The items of two lists one by one. Lists of different lengths fail the task that maps over
   * them: dropping the rest in silence, as Airflow's {@code zip} does, loses data.
   */
  public static <A, B> Handle<List<Pair<A, B>>> zip(Handle<List<A>> left, Handle<List<B>> right) {
    return left.combine(right, (a, b) -> a == null || b == null ? null : pairs(a, b));
  }

  /**
   * Cuts a list into batches, so that one activity does many tiny items: the cheapest way to map
   * over 100,000 of them.
   *
   * @param size of each batch but the last
   */
  public static <A> Handle<List<List<A>>> batches(Handle<List<A>> items, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("A batch has 1 item or more, not " + size);
    }
    return items.derive(all -> all == null ? null : slices(all, size));
  }

  static <A> List<List<A>> slices(List<A> all, int size) {
    List<List<A>> slices = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      slices.add(new ArrayList<>(all.subList(from, Math.min(from + size, all.size()))));
    }
    return slices;
  }

  private static <A, B> List<Pair<A, B>> product(List<A> left, List<B> right) {
    List<Pair<A, B>> pairs = new ArrayList<>();
    for (A a : left) {
      for (B b : right) {
        pairs.add(new Pair<>(a, b));
      }
    }
    return pairs;
  }

  private static <A, B> List<Pair<A, B>> pairs(List<A> left, List<B> right) {
    if (left.size() != right.size()) {
      throw new IllegalArgumentException(
          "Lists of %d and %d items cannot be zipped".formatted(left.size(), right.size()));
    }
    List<Pair<A, B>> pairs = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      pairs.add(new Pair<>(left.get(i), right.get(i)));
    }
    return pairs;
  }
}
