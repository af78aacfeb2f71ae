import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints.Postgres;
import io.millrace.stack.LocalStack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.SchemaMappingType;
import org.jooq.meta.jaxb.Target;
import org.slf4j.LoggerFactory;

/**
 * Generates jOOQ's classes from the migrations, on a real PostgreSQL that lives for as long as it
 * takes.
 *
 * <p>Run by the build as a single source file: {@code java -cp <test class path> GenerateJooq.java
 * <migrations> <output> <this file>}. Does nothing when the migrations and this file are those of
 * the last generation.
 */
class GenerateJooq {
  private static final List<String> SCHEMAS =
      List.of("lake", "quarantine", "bronze", "silver", "dwh", "quality");

  public static void main(String[] args) throws Exception {
    Path migrations = Path.of(args[0]);
    Path output = Path.of(args[1]);
    Path stamp = output.resolve(".sha256");
    String hash = hash(migrations, Path.of(args[2]));
    if (Files.exists(stamp) && Files.readString(stamp).equals(hash)) {
      return;
    }
    Files.deleteIfExists(stamp);
    System.setProperty("org.jooq.no-tips", "true");
    System.setProperty("org.jooq.no-logo", "true");
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    try (LocalStack stack = LocalStack.forTests(Component.POSTGRES)) {
      Postgres postgres = stack.endpoints().postgres();
      Flyway.configure()
          .dataSource(postgres.jdbcUrl(), postgres.user(), postgres.password())
          .locations("filesystem:" + migrations.toAbsolutePath())
          .load()
          .migrate();
      GenerationTool.generate(configuration(postgres, output));
    }
    Files.writeString(stamp, hash);
  }

  private static Configuration configuration(Postgres postgres, Path output) {
    return new Configuration()
        .withLogging(Logging.WARN)
        .withJdbc(
            new Jdbc()
                .withUrl(postgres.jdbcUrl())
                .withUser(postgres.user())
                .withPassword(postgres.password()))
        .withGenerator(
            new Generator()
                .withDatabase(
                    new Database()
                        .withName("org.jooq.meta.postgres.PostgresDatabase")
                        .withSchemata(
                            SCHEMAS.stream()
                                .map(name -> new SchemaMappingType().withInputSchema(name))
                                .toList()))
                .withGenerate(
                    new Generate()
                        .withDeprecated(false)
                        // Both schemas have a table called objects, whose generated join paths
                        // would clash.
                        .withImplicitJoinPathsToOne(false)
                        .withImplicitJoinPathsToMany(false)
                        .withRecords(true)
                        .withGeneratedAnnotation(true)
                        .withGlobalCatalogReferences(true)
                        .withJavaTimeTypes(true))
                .withTarget(
                    new Target()
                        .withPackageName("io.millrace.activities.warehouse.schema")
                        .withDirectory(output.toString())));
  }

  private static String hash(Path migrations, Path self) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(Files.readAllBytes(self));
    for (Path file : sorted(migrations)) {
      digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted(Comparator.comparing(Path::toString)).toList();
    }
  }
}
