package io.millrace.workers.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;

/**
 * What workflow code must not call, because its replay would take another path.
 *
 * <p>Stands in for Temporal's own byte-code scan, which is not published.
 */
final class Determinism {

  private static final Map<String, List<String>> FORBIDDEN =
      Map.of(
          "java.time.Instant", List.of("now"),
          "java.time.LocalDate", List.of("now"),
          "java.time.LocalDateTime", List.of("now"),
          "java.time.ZonedDateTime", List.of("now"),
          "java.time.Clock", List.of("systemUTC", "systemDefaultZone"),
          "java.lang.System", List.of("currentTimeMillis", "nanoTime", "getenv", "getProperty"),
          "java.util.UUID", List.of("randomUUID"),
          "java.lang.Math", List.of("random"),
          "java.util.Collection", List.of("parallelStream"));

  private static final String[] FORBIDDEN_TYPES = {
    "java.lang.Thread",
    "java.util.Random",
    "java.security.SecureRandom",
    "java.util.concurrent.ThreadLocalRandom",
    "java.util.concurrent.CompletableFuture",
    "java.util.concurrent.Executors",
    "java.util.concurrent.locks.ReentrantLock",
    "java.io.File"
  };

  private Determinism() {}

  static List<ArchRule> rules(DescribedPredicate<JavaClass> workflowCode) {
    DescribedPredicate<JavaCall<?>> forbiddenCall =
        FORBIDDEN.entrySet().stream()
            .flatMap(entry -> entry.getValue().stream().map(method -> call(entry.getKey(), method)))
            .reduce((left, right) -> left.or(right))
            .orElseThrow()
            .as("the wall clock, random numbers or the environment");
    ArchRule calls = noClasses().that(workflowCode).should().callCodeUnitWhere(forbiddenCall);
    ArchRule types =
        noClasses()
            .that(workflowCode)
            .should()
            .dependOnClassesThat()
            .haveNameMatching(String.join("|", FORBIDDEN_TYPES).replace(".", "\\."));
    return List.of(calls, types);
  }

  private static DescribedPredicate<JavaCall<?>> call(String type, String method) {
    return DescribedPredicate.describe(
        type + "." + method,
        javaCall ->
            target(owner(name(type))).test(javaCall) && target(name(method)).test(javaCall));
  }
}
