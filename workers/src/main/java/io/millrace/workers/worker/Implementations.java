package io.millrace.workers.worker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.millrace.activities.features.FeatureActivitiesImpl;
import io.millrace.activities.features.OnlineStore;
import io.millrace.activities.jobs.FlinkApi;
import io.millrace.activities.jobs.JobActivitiesImpl;
import io.millrace.activities.lake.CompactionActivitiesImpl;
import io.millrace.activities.lake.LakeActivitiesImpl;
import io.millrace.activities.lake.ObjectStore;
import io.millrace.activities.lake.ObjectStoreConfig;
import io.millrace.activities.lake.PredictionActivitiesImpl;
import io.millrace.activities.quality.QualityActivitiesImpl;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.MlflowTracking;
import io.millrace.activities.registry.MlflowTrialTracker;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.activities.registry.RegistryActivitiesImpl;
import io.millrace.activities.registry.RegistryChampions;
import io.millrace.activities.training.ArtifactStore;
import io.millrace.activities.training.Datasets;
import io.millrace.activities.training.TrainingActivitiesImpl;
import io.millrace.activities.training.TrialDataCache;
import io.millrace.activities.tuning.TrialActivitiesImpl;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.activities.warehouse.WarehouseActivitiesImpl;
import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.registry.ModelRegistry;
import io.millrace.workers.config.MillraceConfig;
import io.millrace.workers.config.PostgresConfig;
import io.millrace.workers.config.S3Config;
import io.millrace.workers.serving.RegistryConnection;
import io.minio.MinioClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every activity of every pipeline with the clients that it needs. Connects when first used. */
public final class Implementations implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Implementations.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int DATA_SETS_IN_MEMORY = 2;

  private final Deque<AutoCloseable> clients = new ArrayDeque<>();
  private final List<Object> activities;

  /** Prepares the clients of a configuration. */
  public Implementations(MillraceConfig config) {
    activities = List.copyOf(build(config));
  }

  /** One instance of each activity interface's implementation. */
  public List<Object> activities() {
    return activities;
  }

  private List<Object> build(MillraceConfig config) {
    Clock clock = Clock.systemUTC();
    Warehouse warehouse = closing(new Warehouse(warehouse(config.postgres())));
    ObjectStore lake = closing(new ObjectStore(objectStore(config.s3())));
    HikariDataSource features = closing(dataSource(config.postgres()));
    MinioClient s3 = closing(config.s3().client(TIMEOUT));
    ArtifactStore artifacts = new ArtifactStore(s3, ArtifactStore.BUCKET);
    io.millrace.activities.registry.MlflowConfig mlflow =
        io.millrace.activities.registry.MlflowConfig.of(config.mlflow().trackingUri().toString());
    MlflowTracking tracking = closing(new MlflowTracking(mlflow));
    MlflowRegistry registry = new MlflowRegistry(mlflow, s3);
    TrialDataCache trialData =
        new TrialDataCache(new Datasets(PurchaseDefinition.MODEL, artifacts), DATA_SETS_IN_MEMORY);
    List<Object> built = new ArrayList<>();
    built.add(
        new LakeActivitiesImpl(
            lake, warehouse, config.events().unavailable(), config.warehouse().window(), clock));
    built.add(new CompactionActivitiesImpl(lake, warehouse, clock));
    built.add(new PredictionActivitiesImpl(lake, warehouse));
    built.add(new WarehouseActivitiesImpl(warehouse));
    built.add(new QualityActivitiesImpl(warehouse));
    OnlineStore online =
        new OnlineStore(config.redis().uri().toString(), config.redis().timeToLive());
    built.add(new FeatureActivitiesImpl(warehouse, closing(online)));
    built.add(
        new TrainingActivitiesImpl(
            PurchaseDefinition.MODEL,
            features,
            artifacts,
            new RegistryChampions(PurchaseDefinition.MODEL, registry),
            clock));
    built.add(
        new TrialActivitiesImpl(
            artifacts, trialData, new MlflowTrialTracker(tracking, clock), clock));
    built.add(
        new JobActivitiesImpl(
            new FlinkApi(config.flink().restUrl(), config.flink().restToken().value()),
            s3,
            config.flink().jar()));
    ModelAnnouncements announcements =
        closing(new ModelAnnouncements(config.redis().uri().toString()));
    ModelRegistry promotions =
        new ModelRegistry(
            registry, RegistryConnection.check(registry), announcements::announce, clock);
    built.add(
        new RegistryActivitiesImpl(
            PurchaseDefinition.MODEL, tracking, registry, promotions, artifacts));
    return built;
  }

  private <T extends AutoCloseable> T closing(T client) {
    clients.push(client);
    return client;
  }

  private static io.millrace.activities.warehouse.PostgresConfig warehouse(PostgresConfig config) {
    return new io.millrace.activities.warehouse.PostgresConfig(
        config.jdbcUrl(),
        config.user(),
        config.password().value(),
        config.poolSize(),
        io.millrace.activities.warehouse.PostgresConfig.DEFAULT_STATEMENT_TIMEOUT,
        io.millrace.activities.warehouse.PostgresConfig.DEFAULT_CONNECT_TIMEOUT);
  }

  private static HikariDataSource dataSource(PostgresConfig config) {
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName("features");
    hikari.setJdbcUrl(config.jdbcUrl());
    hikari.setUsername(config.user());
    hikari.setPassword(config.password().value());
    hikari.setMaximumPoolSize(4);
    hikari.setMinimumIdle(0);
    hikari.setConnectionTimeout(TIMEOUT.toMillis());
    hikari.setInitializationFailTimeout(-1);
    hikari.addDataSourceProperty("ApplicationName", "millrace-training");
    hikari.addDataSourceProperty("socketTimeout", "600");
    hikari.addDataSourceProperty("options", "-c TimeZone=UTC");
    return new HikariDataSource(hikari);
  }

  private static ObjectStoreConfig objectStore(S3Config config) {
    return new ObjectStoreConfig(
        config.endpoint(),
        config.region(),
        config.accessKey(),
        config.secretKey().value(),
        ObjectStoreConfig.DEFAULT_TIMEOUT);
  }

  @Override
  public void close() {
    while (!clients.isEmpty()) {
      AutoCloseable client = clients.pop();
      try {
        client.close();
      } catch (Exception e) {
        // The process ends; what it held goes with it.
        logger.warn("Cannot close {}: {}", client.getClass().getSimpleName(), e.getMessage());
      }
    }
  }
}
