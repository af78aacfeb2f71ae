package io.millrace.workers.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.millrace.activities.PipelineException;
import io.millrace.core.registry.RegistryStore;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads the compiled classes of every module, also of those that are not on our class path. */
class ArchitectureTest {

  private static final List<String> MODULES =
      List.of("core", "engine", "workflows", "activities", "flink", "serving", "stack", "workers");
  private static final JavaClasses CLASSES = compiledClasses();

  private static final ReachableCode WORKFLOW_CODE = ReachableCode.of(CLASSES);

  static Stream<ArchRule> walls() {
    return ModuleWalls.rules().stream();
  }

  static Stream<Determinism> determinism() {
    return Determinism.RULES.stream();
  }

  @ParameterizedTest
  @MethodSource("walls")
  void modulesSeeOnlyWhatTheyMay(ArchRule wall) {
    wall.check(CLASSES);
  }

  @ParameterizedTest
  @MethodSource("determinism")
  void workflowCodeIsDeterministic(Determinism rule) {
    assertThat(rule.violations(WORKFLOW_CODE)).isEmpty();
  }

  /** The engine's own workflows, the interceptors, and what a shipped DAG's run goes through. */
  @Test
  void workflowCodeIsThatOfTheEngineToo() {
    assertThat(WORKFLOW_CODE.units().stream().map(unit -> unit.getOwner().getSimpleName()))
        .contains("DagRun", "TriggerRule", "MapChunkRun", "PoolWorkflowImpl", "AssetHubRun")
        .contains(
            "BackfillImpl", "ScheduleWatchImpl", "LogContextInterceptor", "Study", "AshaBracket")
        .contains("TrainingPipelineImpl", "DataPipelineImpl")
        .doesNotContain("DagRuns", "TrainingActivitiesImpl");
  }

  @Test
  void packagesAreNamedAfterFeatures() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..utils..", "..util..", "..common..", "..helpers..", "..manager..", "..dto..")
        .check(CLASSES);
  }

  /** Which version serves is decided in one place. */
  @Test
  void onlyTheModelRegistryMovesAliases() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.millrace.core.registry..")
        .should()
        .callMethodWhere(
            target(name("setAlias").or(name("setModelTag")).or(name("setVersionTag")))
                .and(target(owner(assignableTo(RegistryStore.class)))))
        .check(CLASSES);
  }

  /** Pipelines have one taxonomy of failures, which becomes Temporal's in one place. */
  @Test
  void onlyPipelineExceptionMakesFailuresOfActivities() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.activities..")
        .and(not(type(PipelineException.class)))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ApplicationFailure.class)
        .check(CLASSES);
  }

  /** {@code RequestBody} bounds bodies; what Javalin has reads a chunked one to its end. */
  @Test
  void servingReadsNoBodyWithoutBounds() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.serving..")
        .should()
        .callMethodWhere(
            target(name("bodyAsBytes").or(name("body")).or(name("bodyInputStream")))
                .and(target(owner(assignableTo("io.javalin.http.Context")))))
        .check(CLASSES);
  }

  /**
   * How long an activity is retried is decided by a {@code Policy}, which {@code PipelineTest}
   * checks, or there is no bound. Two have a limit of their own: the question whether other workers
   * poll, for which no answer is a yes, and alerts.
   */
  @Test
  void onlyPoliciesBoundRetries() {
    noClasses()
        .that()
        .doNotHaveSimpleName("TaskOptions")
        .and()
        .doNotHaveSimpleName("UnknownDag")
        .should()
        .callMethodWhere(
            target(name("setMaximumAttempts"))
                .and(target(owner(assignableTo("io.temporal.common.RetryOptions$Builder")))))
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveSimpleName("TaskOptions")
        .and()
        .doNotHaveSimpleName("UnknownDag")
        .and()
        .doNotHaveSimpleName("RunNotifications")
        .should()
        .callMethodWhere(
            target(name("setScheduleToCloseTimeout").or(name("setScheduleToStartTimeout"))))
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(CLASSES.stream().filter(type -> !isGenerated(type)))
        .as("classes in packages without @NullMarked in their package-info.java")
        .allMatch(type -> type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked"));
  }

  /** What jOOQ makes of the tables. */
  private static boolean isGenerated(JavaClass type) {
    return type.getPackageName().startsWith("io.millrace.activities.warehouse.schema");
  }

  @ParameterizedTest
  @MethodSource("determinism")
  void eachDeterminismRuleFindsWhatBreaksIt(Determinism rule) {
    ReachableCode broken =
        ReachableCode.of(
            new ClassFileImporter()
                .importClasses(
                    ForbiddenCalls.class,
                    ForbiddenCalls.Calls.class,
                    ForbiddenCalls.Compared.class,
                    ForbiddenCalls.Step.class,
                    ForbiddenCalls.ByInterface.class,
                    ForbiddenCalls.Run.class));
    List<String> expected = ForbiddenCalls.BY_RULE.get(rule.what());

    assertThat(expected).as("examples of %s", rule).isNotEmpty();
    assertThat(rule.violations(broken)).hasSameSizeAs(expected);
    for (String method : expected) {
      assertThat(rule.violations(broken))
          .anyMatch(found -> found.contains("ForbiddenCalls." + method + ". Use"));
    }
  }

  @Test
  void theWallsCatchAForbiddenDependency() {
    JavaClasses ourselves = new ClassFileImporter().importClasses(ArchitectureTest.class);

    assertThatThrownBy(() -> ModuleWalls.wall("workers", "java.nio.file..").check(ourselves))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("ArchitectureTest");
  }

  private static JavaClasses compiledClasses() {
    Path root = Path.of("").toAbsolutePath().getParent();
    List<Path> classes =
        MODULES.stream().map(module -> root.resolve(module).resolve("target/classes")).toList();
    for (Path folder : classes) {
      assertThat(Files.isDirectory(folder)).as("compiled classes at %s", folder).isTrue();
    }
    return new ClassFileImporter().importPaths(classes);
  }
}
