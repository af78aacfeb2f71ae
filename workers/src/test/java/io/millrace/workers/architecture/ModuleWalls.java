package io.millrace.workers.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** What each module must not see, as the module table of the architecture page states it. */
final class ModuleWalls {

  private static final String[] IO = {
    "java.nio.file..", "java.nio.channels..", "java.net..", "java.sql..", "javax.sql.."
  };
  private static final String[] CLIENTS = {
    "org.jooq..",
    "org.flywaydb..",
    "org.apache.kafka..",
    "io.minio..",
    "org.mlflow..",
    "ml.dmlc..",
    "io.lettuce..",
    "java.sql..",
    "javax.sql.."
  };

  private ModuleWalls() {}

  static List<ArchRule> rules() {
    return List.of(
        wall("core", IO).because("core is pure: records and functions"),
        wall("core", "io.temporal..", "org.apache.flink..", "org.apache.kafka.."),
        wall("core", ours("engine", "workflows", "activities", "flink", "serving", "stack")),
        wall("engine", ours("core", "workflows", "activities", "flink", "serving", "stack"))
            .because("the engine is a library that others use without our pipelines"),
        wall("engine", CLIENTS),
        wall("workflows", CLIENTS).because("pipelines call activity interfaces, never clients"),
        wall("workflows", ours("activities", "flink", "serving", "workers", "stack")),
        wall("activities", "org.apache.flink.."),
        wall("activities", ours("flink", "serving", "workers")),
        wall("flink", "io.temporal..", "org.jooq.."),
        wall("flink", ours("engine", "workflows", "activities", "serving", "workers")),
        wall("serving", "org.apache.flink.."),
        wall("serving", ours("flink", "workers", "stack")),
        wall("stack", ours("core", "engine", "workflows", "activities", "flink", "serving"))
            .because("the stack starts servers and knows no pipeline"),
        wall("workers", "org.apache.flink.."));
  }

  static ArchRule wall(String module, String... forbidden) {
    return noClasses()
        .that()
        .resideInAPackage("io.millrace." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(false);
  }

  private static String[] ours(String... modules) {
    return List.of(modules).stream()
        .map(module -> "io.millrace." + module + "..")
        .toArray(String[]::new);
  }
}
