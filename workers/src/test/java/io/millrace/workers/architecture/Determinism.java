package io.millrace.workers.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What workflow code must not call, because its replay would take another path.
 *
 * <p>Stands in for Temporal's own byte-code scan, which is not published.
 *
 * @param what is forbidden
 * @param instead what workflow code uses
 */
record Determinism(String what, String instead, Predicate<JavaCodeUnitAccess<?>> forbids) {

  static final List<Determinism> RULES =
      List.of(
          new Determinism(
              "the wall clock",
              "Workflow.currentTimeMillis",
              call("java\\.time\\..*", "now")
                  .or(call("java\\.time\\.Clock", "system.*|tick.*"))
                  .or(call("java\\.lang\\.System", "currentTimeMillis|nanoTime"))
                  .or(call("java\\.util\\.(Date|GregorianCalendar)", "<init>"))),
          new Determinism(
              "random values",
              "Workflow.newRandom or Workflow.randomUUID",
              call("java\\.util\\.UUID", "randomUUID")
                  .or(call("java\\.lang\\.Math", "random"))
                  .or(call("java\\.util\\.Random|.*\\.SecureRandom", ".*"))
                  .or(Determinism::isUnseeded)
                  .or(call("java\\.util\\.concurrent\\.ThreadLocalRandom", ".*"))
                  .or(call("java\\.lang\\.System", "identityHashCode"))),
          new Determinism(
              "the environment, files or the network",
              "an activity",
              call("java\\.lang\\.System", "getenv|getProperty")
                  .or(call("java\\.io\\.File.*|java\\.nio\\.(file\\.Files|channels\\..*)", ".*"))
                  .or(call("java\\.net\\.(http\\..*|.*Socket|URL)", ".*"))
                  .or(call("io\\.temporal\\.(client|serviceclient)\\..*", ".*"))),
          new Determinism(
              "threads",
              "Async, Promise and Workflow.await",
              call("java\\.lang\\.Thread", ".*")
                  .or(call("java\\.util\\.concurrent\\.(CompletableFuture|Executor.*)", ".*"))
                  .or(call("java\\.util\\.concurrent\\.(ForkJoin.*|locks\\..*)", ".*"))
                  .or(call("java\\.util\\.(Timer|concurrent\\.TimeUnit)", "<init>|sleep"))
                  .or(Determinism::isParallel)),
          new Determinism(
              "maps and sets without an order",
              "LinkedHashMap, LinkedHashSet, TreeMap, TreeSet or List",
              call("java\\.util\\.(Identity|Weak|concurrent\\.Concurrent)?Hash(Map|Set)", "<init>")
                  .or(call("java\\.util\\.(Map|Set)", "copyOf|ofEntries"))
                  .or(Determinism::isOfSeveral)
                  .or(Determinism::collectsWithoutOrder)));

  private static Predicate<JavaCodeUnitAccess<?>> call(String type, String name) {
    return access ->
        access.getTargetOwner().getName().matches(type) && access.getName().matches(name);
  }

  private static boolean isUnseeded(JavaCodeUnitAccess<?> access) {
    return call("java\\.util\\.SplittableRandom", "<init>").test(access)
        && access.getTarget().getRawParameterTypes().isEmpty();
  }

  private static boolean isParallel(JavaCodeUnitAccess<?> access) {
    return Set.of("parallel", "parallelStream").contains(access.getName())
        && (access.getTargetOwner().isAssignableTo(Collection.class)
            || access.getTargetOwner().getPackageName().equals("java.util.stream"));
  }

  /** The order of {@code Set.of(a, b)} is another one in each JVM. */
  private static boolean isOfSeveral(JavaCodeUnitAccess<?> access) {
    return (isCall(access, "java\\.util\\.Map", "of") && parameters(access) > 2)
        || (isCall(access, "java\\.util\\.Set", "of")
            && (parameters(access) > 1 || hasArray(access)));
  }

  /** Without a supplier of the map or set. */
  private static boolean collectsWithoutOrder(JavaCodeUnitAccess<?> access) {
    String collectors = "java\\.util\\.stream\\.Collectors";
    return isCall(access, collectors, "to(Unmodifiable)?Set|toUnmodifiableMap")
        || (isCall(access, collectors, "toMap") && parameters(access) < 4)
        || (isCall(access, collectors, "groupingBy") && parameters(access) < 3);
  }

  private static boolean isCall(JavaCodeUnitAccess<?> access, String type, String name) {
    return call(type, name).test(access);
  }

  private static int parameters(JavaCodeUnitAccess<?> access) {
    return access.getTarget().getRawParameterTypes().size();
  }

  private static boolean hasArray(JavaCodeUnitAccess<?> access) {
    return access.getTarget().getRawParameterTypes().stream().anyMatch(JavaClass::isArray);
  }

  /** Where the rule is broken: the call, its place, how a workflow gets there, and the remedy. */
  Stream<String> violations(ReachableCode code) {
    return code.units().stream().flatMap(unit -> violations(code, unit));
  }

  private Stream<String> violations(ReachableCode code, JavaCodeUnit unit) {
    return ReachableCode.accesses(unit)
        .filter(forbids)
        .map(
            access ->
                "%s: %s.%s in %s, reached by %s. Use %s"
                    .formatted(
                        what,
                        access.getTargetOwner().getSimpleName(),
                        access.getName(),
                        access.getSourceCodeLocation(),
                        code.path(unit),
                        instead));
  }

  @Override
  public String toString() {
    return what;
  }
}
