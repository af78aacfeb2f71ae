package io.millrace.workers.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads the compiled classes of every module, also of those that are not on our class path. */
class ArchitectureTest {

  private static final List<String> MODULES =
      List.of("core", "engine", "workflows", "activities", "flink", "serving", "stack", "workers");
  private static final JavaClasses CLASSES = compiledClasses();

  private static final DescribedPredicate<JavaClass> WORKFLOW_CODE =
      DescribedPredicate.describe(
          "are workflow code", type -> type.getPackageName().startsWith("io.millrace.workflows"));

  static Stream<ArchRule> walls() {
    return ModuleWalls.rules().stream();
  }

  static Stream<ArchRule> determinism() {
    return Determinism.rules(WORKFLOW_CODE).stream();
  }

  @ParameterizedTest
  @MethodSource("walls")
  void modulesSeeOnlyWhatTheyMay(ArchRule wall) {
    wall.check(CLASSES);
  }

  @ParameterizedTest
  @MethodSource("determinism")
  void workflowCodeIsDeterministic(ArchRule rule) {
    rule.check(CLASSES);
  }

  @Test
  void packagesAreNamedAfterFeatures() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..utils..", "..util..", "..common..", "..helpers..", "..manager..", "..dto..")
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

  @Test
  void theDeterminismRulesCatchTheWallClockAndRandomIds() {
    JavaClasses culprit = new ClassFileImporter().importClasses(NonDeterministic.class);
    DescribedPredicate<JavaClass> any = DescribedPredicate.alwaysTrue();

    for (ArchRule rule : Determinism.rules(any)) {
      assertThatThrownBy(() -> rule.check(culprit))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("NonDeterministic");
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

  /** Does what workflow code must not, to show that the rules see it. */
  static final class NonDeterministic {
    final Thread thread = new Thread(() -> {});
    final UUID id = UUID.randomUUID();
  }
}
