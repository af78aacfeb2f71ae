package io.millrace.workers.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.workers.scripts.FakeBuild.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code scripts/test}: all modules run whatever fails before them, and the run has passed only if
 * every test of every module has run and passed.
 */
class TestCommandTest {
  @TempDir Path directory;
  private FakeBuild build;

  @BeforeEach
  void make() throws IOException {
    build = new FakeBuild(directory);
  }

  @Test
  void passesIfAllPassed() throws Exception {
    Ended ended = allPassing().ending(0, "SUCCESS", "SUCCESS", "SUCCESS").test();

    assertThat(ended.printed()).doesNotContain("Failed (");
    assertThat(ended.lastLine())
        .matches("PASSED: 6 tests run, 0 failed, 0 skipped in \\d+ s \\(log: target/test.log\\)");
    assertThat(ended.status()).isZero();
  }

  @Test
  void aTestThatFailsInAnEarlyModuleStopsNoneOfTheLaterOnes() throws Exception {
    Ended ended =
        build
            .failing("core")
            .passing("engine")
            .passing("workers")
            .ending(0, "SUCCESS", "SUCCESS", "SUCCESS")
            .test();

    assertThat(ended.printed())
        .contains(
            """
            Failed (1):
              core  ATest#bad
                  7, not 6
                  see core/target/surefire-reports/ATest.txt
            """);
    assertThat(ended.lastLine()).startsWith("FAILED: 7 tests run, 1 failed");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(build.home().resolve("arguments"))
        .content()
        .contains("--fail-at-end")
        .contains("-Dmaven.test.failure.ignore=true");
  }

  @Test
  void aModuleThatDoesNotCompileIsAFailureAndSoAreThoseThatCouldNotRun() throws Exception {
    Ended ended = build.passing("core").ending(1, "SUCCESS", "FAILURE", "SKIPPED").test();

    assertThat(ended.printed())
        .contains("Failed (2):")
        .contains("engine  the build\n")
        .contains("workers  all tests\n      did not run: a module that it needs");
    assertThat(ended.status()).isEqualTo(1);
  }

  @Test
  void saysWhyAModuleCouldNotBeBuilt() throws Exception {
    Ended ended =
        build
            .passing("core")
            .passing("workers")
            .doing(
                "echo '[ERROR] Failed to execute goal a.b:maven-compiler-plugin:3:compile (default)"
                    + " on project p-engine: Compilation failure'")
            .doing("echo '[ERROR] /x/A.java:[3,4] cannot find symbol'")
            .ending(1, "SUCCESS", "FAILURE", "SUCCESS")
            .test();

    assertThat(ended.printed())
        .contains("compile: Compilation failure /x/A.java:[3,4] cannot find symbol");
  }

  @Test
  void aModuleThatRanNoTestsIsAFailure() throws Exception {
    Ended ended =
        build.passing("core").passing("engine").ending(0, "SUCCESS", "SUCCESS", "SUCCESS").test();

    assertThat(ended.printed()).contains("workers  *Test\n", "workers  *IT\n", "no reports");
    assertThat(ended.status()).isEqualTo(1);
  }

  @Test
  void unlessOnlySomeTestsWereAskedFor() throws Exception {
    Ended ended =
        build.passing("core").ending(0, "SUCCESS", "SUCCESS", "SUCCESS").test("-Dtest=ATest");

    assertThat(ended.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "exit 1", "echo '[ERROR] No POM in this directory'; exit 1"})
  void aRunWithoutAReportHasNotPassed(String maven) throws Exception {
    Ended ended = build.doing(maven).test("-Dtest=ATest");

    assertThat(ended.printed()).contains("did not run: there is no report at all");
    assertThat(ended.status()).isEqualTo(1);
  }

  @Test
  void reportsOfAnEarlierRunDoNotCount() throws Exception {
    build.failing("core").doing("[ $run = 1 ] || rm core/target/*/TEST-ATest.xml");
    build.passing("engine").passing("workers");
    Ended first = build.ending(0, "SUCCESS", "SUCCESS", "SUCCESS").test();
    Ended second = build.test();

    assertThat(first.printed()).contains("core  ATest#bad");
    assertThat(second.printed()).contains("core  *Test\n").doesNotContain("ATest#bad");
  }

  @Test
  void repeatsAndKeepsWhatFailedRunsLeft() throws Exception {
    build
        .passing("core")
        .doing("if [ $run = 2 ]; then")
        .failing("core")
        .doing("echo lost; fi")
        .passing("engine")
        .passing("workers");
    Ended ended = build.ending(0, "SUCCESS", "SUCCESS", "SUCCESS").test("--repeat", "3");

    assertThat(ended.printed())
        .containsPattern("1 of 3 PASSED: 6 tests run, 0 failed, 0 skipped in \\d+ s\n")
        .containsPattern("2 of 3 FAILED: .* in \\d+ s; core ATest#bad\n")
        .containsPattern("3 of 3 PASSED: ");
    assertThat(ended.lastLine()).startsWith("2 passed of 3");
    assertThat(ended.status()).isEqualTo(1);
    Path runs = build.home().resolve("target/test-runs");
    assertThat(runs.resolve("2/test.log")).content().contains("lost");
    assertThat(runs.resolve("2/core/surefire-reports/TEST-ATest.xml")).exists();
    assertThat(runs.resolve("2/summary.txt")).content().contains("7, not 6");
    assertThat(runs.resolve("1/test.log")).doesNotExist();
    assertThat(runs.resolve("1/summary.txt")).content().startsWith("1 of 3 PASSED");
  }

  @Test
  void repeatedRunsThatAllPassedHavePassed() throws Exception {
    allPassing().ending(0, "SUCCESS", "SUCCESS", "SUCCESS");
    Ended ended = build.test("--repeat", "2", "--busy", "2", "--chaos", "-Dtest.forks=2");

    assertThat(ended.lastLine()).isEqualTo("2 passed of 2");
    assertThat(ended.status()).isZero();
    assertThat(build.home().resolve("arguments"))
        .content()
        .contains("-Dtest.forks=2")
        .contains("-DexcludedGroups=long")
        .doesNotContain("clean");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--repeat", "--busy"})
  void howOftenMustBeANumber(String option) throws Exception {
    Ended ended = allPassing().test(option, "often");

    assertThat(ended.printed()).contains(option + " needs a number of at least 1, not 'often'");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(Files.exists(build.home().resolve("runs"))).isFalse();
  }

  private FakeBuild allPassing() {
    FakeBuild.MODULES.forEach(build::passing);
    return build;
  }
}
