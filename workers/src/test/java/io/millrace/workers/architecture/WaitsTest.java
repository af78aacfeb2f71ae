package io.millrace.workers.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A test gives up when there is no progress, and not after a time of its own: how long that is, is
 * said in {@code Waiting} alone, and what a slow machine exceeds cannot be written down elsewhere.
 */
class WaitsTest {
  private static final List<String> MODULES =
      List.of("core", "engine", "workflows", "activities", "flink", "serving", "stack", "workers");

  private static final Set<String> LIMITED =
      Set.of(
          "org.awaitility.core.ConditionFactory.atMost",
          "org.awaitility.Awaitility.setDefaultTimeout",
          "java.util.concurrent.CompletableFuture.orTimeout",
          "java.util.concurrent.CompletableFuture.completeOnTimeout",
          "org.junit.jupiter.api.Assertions.assertTimeout",
          "org.junit.jupiter.api.Assertions.assertTimeoutPreemptively");

  /** With a time; without one they wait for ever. */
  private static final Set<String> WITH_TIME =
      Set.of("get", "await", "waitFor", "awaitTermination", "tryAcquire", "tryLock", "poll");

  @Test
  void noTestWaitsForATimeOfItsOwn() {
    JavaClasses tests = new ClassFileImporter().importPaths(folders());
    assertThat(tests).hasSizeGreaterThan(100);

    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.millrace.testing.Waiting")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe("the caller gives a time", WaitsTest::givesTime))
        .check(tests);
  }

  private static boolean givesTime(JavaMethodCall call) {
    String method = call.getTargetOwner().getName() + "." + call.getName();
    if (LIMITED.contains(method)) {
      return true;
    }
    List<JavaClass> parameters = call.getTarget().getRawParameterTypes();
    return WITH_TIME.contains(call.getName())
        && call.getTargetOwner().getPackageName().startsWith("java.")
        && !parameters.isEmpty()
        && parameters.get(parameters.size() - 1).isEquivalentTo(TimeUnit.class);
  }

  private static List<Path> folders() {
    return MODULES.stream()
        .map(module -> Path.of("..", module, "target", "test-classes"))
        .filter(Files::isDirectory)
        .toList();
  }
}
