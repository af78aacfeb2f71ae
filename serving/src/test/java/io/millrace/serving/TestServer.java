package io.millrace.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.millrace.core.features.FeatureMoment;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.features.FeatureRoutes;
import io.millrace.serving.features.OnlineFeatures;
import io.millrace.serving.http.DocsRoutes;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.Problem;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.log.PredictionRecord;
import io.millrace.serving.log.PredictionSink;
import io.millrace.serving.metrics.ServingMetrics;
import io.millrace.serving.models.ModelReloader;
import io.millrace.serving.models.ModelRoutes;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.PinnedVersions;
import io.millrace.serving.models.PromotionRoutes;
import io.millrace.serving.models.Promotions;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.models.VersionLoader;
import io.millrace.serving.predict.EntityPredictions;
import io.millrace.serving.predict.GoldenInstances;
import io.millrace.serving.predict.InferenceRoutes;
import io.millrace.serving.predict.NamedModelRoutes;
import io.millrace.serving.predict.PredictRoutes;
import io.millrace.serving.predict.Predictor;
import io.millrace.serving.predict.Shadows;
import io.millrace.serving.tracing.Tracing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A whole server on a free port, whose registry and online store are in memory. */
public final class TestServer implements AutoCloseable, OnlineFeatures {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What it serves. */
  public final FakeModels models;

  /** The online store. */
  public final Map<OnlineKey, OnlineRow> rows = new ConcurrentHashMap<>();

  /** What was recorded. */
  public final Queue<PredictionRecord> records = new ConcurrentLinkedQueue<>();

  /** Where predictions go. */
  public final PredictionSink sink;

  /** What was registered, such as {@code POST /predict}. */
  public final Set<String> routes = new TreeSet<>();

  /** Whether the online store does not answer. */
  public volatile boolean storeAway;

  /** The time, as the models' keeper sees it. */
  public final AdjustableClock clock = new AdjustableClock();

  /** How long a model is served after the registry has it no more. */
  public static final Duration GRACE = Duration.ofMinutes(5);

  private final ModelStore store;
  private final PinnedVersions pinned;
  private final ModelReloader reloader;
  private final ServingMetrics metrics = new ServingMetrics();
  private final InferenceRoutes inference;
  private final Shadows shadows = new Shadows();
  private final ServingServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  /** Starts with what the registry has. */
  public TestServer(FakeModels models) {
    this(models, HttpOptions.at("127.0.0.1", 0));
  }

  /** The same, with options. */
  public TestServer(FakeModels models, HttpOptions options) {
    this(models, options, Tracing.off());
  }

  /** The same, with traces, which are the caller's to close. */
  public TestServer(FakeModels models, HttpOptions options, Tracing tracing) {
    this.models = models;
    VersionLoader loader = tracing.loads(VersionLoader.of(models, new GoldenInstances()));
    this.store = new ModelStore(models, loader, metrics.models(), clock, GRACE);
    this.pinned = new PinnedVersions(store.attempts());
    this.reloader = ModelReloader.of(store, models::models, models, pinned);
    this.sink = metrics.sink(records::add, Map.of());
    Predictor predictor =
        new Predictor(
            store,
            new EntityPredictions(tracing.features(metrics.features(this))),
            tracing.scoring(ServedVersion::score),
            sink,
            shadows,
            Limits.DEFAULT,
            Clock.systemUTC());
    metrics.watch(store, pinned);
    this.inference = new InferenceRoutes(predictor, pinned, NamedModelRoutes.IRIS);
    this.server =
        new ServingServer(
            options,
            tracing.requests(metrics.requests()),
            List.of(
                new ModelRoutes(store, reloader),
                new PromotionRoutes(new Promotions(store, models, model -> {}, clock)),
                new PredictRoutes(predictor),
                new NamedModelRoutes(predictor),
                inference,
                new FeatureRoutes(
                    this, this::historical, store, OnlineKey.DEFAULT_TTL, Limits.DEFAULT),
                metrics,
                new DocsRoutes(options.access()),
                this::remember));
    metrics.watchInProgress(server::inProgress);
    models.models().forEach(this::load);
    this.port = server.start();
  }

  private void remember(Javalin app) {
    app.unsafeConfig().pvt.internalRouter.allHttpHandlers().stream()
        .filter(entry -> entry.getEndpoint().getMethod().isHttpMethod())
        .forEach(
            entry ->
                routes.add(entry.getEndpoint().getMethod() + " " + entry.getEndpoint().getPath()));
  }

  private void load(String model) {
    try {
      store.refresh(model);
    } catch (RuntimeException e) {
      // The test is about a model that cannot be served.
    }
  }

  /** Brings a model to what the registry says. */
  public void refresh(String model) {
    store.refresh(model);
  }

  /** Looks at the registry once, as is done every so often. */
  public void poll() {
    boolean unused = reloader.load(Duration.ZERO);
  }

  @Override
  public CompletableFuture<List<@Nullable OnlineRow>> find(List<OnlineKey> keys, Executor threads) {
    return CompletableFuture.supplyAsync(
        () -> {
          if (storeAway) {
            throw Problem.unavailable("The online store does not answer");
          }
          List<@Nullable OnlineRow> found = new ArrayList<>();
          keys.forEach(key -> found.add(rows.get(key)));
          return found;
        },
        threads);
  }

  /** The warehouse: the store's row, if its event is not after the moment. */
  private List<@Nullable OnlineRow> historical(List<FeatureMoment> moments) {
    if (storeAway) {
      throw new IllegalStateException("role secret at jdbc:postgresql://somewhere");
    }
    List<@Nullable OnlineRow> found = new ArrayList<>();
    for (FeatureMoment moment : moments) {
      OnlineRow row = rows.get(moment.key());
      found.add(row != null && row.version().eventTime().isAfter(moment.at()) ? null : row);
    }
    return found;
  }

  /** An answer, whose body is JSON. */
  public record Answer(int status, String type, String text, Map<String, List<String>> headers) {
    public JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new AssertionError("no JSON: " + text, e);
      }
    }
  }

  public Answer post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.POST(BodyPublishers.ofString(body)));
  }

  public Answer put(String path, String body) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).PUT(BodyPublishers.ofString(body)));
  }

  public Answer delete(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).DELETE());
  }

  public Answer get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.GET());
  }

  private Answer send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(
        answer.statusCode(),
        answer.headers().firstValue("Content-Type").orElse(""),
        answer.body(),
        answer.headers().map());
  }

  private URI uri(String path) {
    return URI.create(url() + path);
  }

  /** Where it listens. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    server.close();
    inference.close();
    reloader.close();
    shadows.close();
    metrics.close();
  }
}
