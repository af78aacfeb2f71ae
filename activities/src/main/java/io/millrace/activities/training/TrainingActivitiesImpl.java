package io.millrace.activities.training;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.activities.PipelineException;
import io.millrace.core.models.ModelDefinition;
import io.millrace.core.serving.GoldenBatch;
import io.millrace.core.training.BaselineStatistics;
import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.ModelComparison;
import io.millrace.core.training.PromotionGate;
import io.millrace.core.training.TemporalSplit;
import io.millrace.engine.Heartbeats;
import io.millrace.engine.TaskSkipped;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.training.CandidateRef;
import io.millrace.workflows.training.DatasetRef;
import io.millrace.workflows.training.Evaluation;
import io.millrace.workflows.training.EvaluationRequest;
import io.millrace.workflows.training.FinalModelRequest;
import io.millrace.workflows.training.GateReport;
import io.millrace.workflows.training.LoadRequest;
import io.millrace.workflows.training.TrainingActivities;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link TrainingActivities}. */
public final class TrainingActivitiesImpl implements TrainingActivities {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingActivitiesImpl.class);
  private static final String BINARY = "application/octet-stream";
  private static final String JSON = "application/json";

  private final TableReader examples;
  private final ArtifactStore store;
  private final Datasets datasets;
  private final ChampionSource champions;
  private final ModelDefinition model;
  private final Clock clock;

  public TrainingActivitiesImpl(
      ModelDefinition model,
      DataSource warehouse,
      ArtifactStore store,
      ChampionSource champions,
      Clock clock) {
    this.model = model;
    this.examples = new TableReader(model, warehouse);
    this.store = store;
    this.datasets = new Datasets(model, store);
    this.champions = champions;
    this.clock = clock;
  }

  @Override
  public DatasetRef loadTrainingData(LoadRequest request) {
    try (Heartbeats heartbeats = Heartbeats.start()) {
      return translated(() -> snapshot(request, heartbeats));
    }
  }

  private DatasetRef snapshot(LoadRequest request, Heartbeats heartbeats) {
    TrainingTable table = examples.read(request.labelHorizon(), heartbeats::progress);
    DatasetSize.tooLittle(table, request).ifPresent(TrainingActivitiesImpl::skip);
    byte[] bytes = TableCsv.write(table);
    String key = "datasets/" + request.runKey() + "/" + model.dataSet() + ".csv.gz";
    store.ensureBucket();
    store.put(key, bytes, "application/gzip");
    DatasetRef dataset = DatasetSize.describe(table, request, store.uri(key), bytes);
    LOG.info(
        "dataset={} rows={} positives={} bytes={}",
        dataset.uri(),
        dataset.rows(),
        dataset.positives(),
        bytes.length);
    return dataset;
  }

  @Override
  public CandidateRef trainFinalModel(FinalModelRequest request) {
    return translated(() -> train(request));
  }

  private CandidateRef train(FinalModelRequest request) {
    if (request.params() == null || request.rounds() < 1) {
      throw new PipelineException(
          PipelineFailure.INVALID_INPUT,
          "train_final_model got no tuned parameters (params=%s, rounds=%d); no default is substituted"
              .formatted(request.params(), request.rounds()));
    }
    TrainingTable table = datasets.table(request.dataset());
    int[] rows = trainingRows(table, request.dataset());
    CategoryMappings mappings = table.fitMappings(rows);
    BaselineStatistics statistics = table.statistics(rows);
    String prefix = "final-model/xgb_model/" + request.runKey() + "/";
    CheckpointedTraining.Spec spec =
        new CheckpointedTraining.Spec(
            prefix + "checkpoint",
            ArtifactStore.sha256(request.toString().getBytes(StandardCharsets.UTF_8)),
            request.params().asMap(),
            request.seed());
    ActivityExecutionContext context = Activity.getExecutionContext();
    try (Matrix train =
            Matrix.of(
                table.features(rows, mappings),
                table.labels(rows),
                model.names().toArray(String[]::new));
        CheckpointedTraining training =
            CheckpointedTraining.open(store, spec, train, clock::millis)) {
      training.trainTo(
          request.rounds(),
          new CheckpointPace(request.checkpointEvery(), CheckpointPace.USUAL),
          train,
          null,
          new Heartbeat(context));
      byte[] ubj = training.model();
      store.put(prefix + "model.ubj", ubj, BINARY);
      store.put(prefix + "model.json", training.modelJson(), JSON);
      put(prefix + CategoryMappings.FILE_NAME, mappings.toJson());
      put(prefix + BaselineStatistics.FILE_NAME, statistics.toJson());
      put(
          prefix + GoldenBatch.FILE_NAME,
          golden(new TrainedModel(ubj, model.names(), mappings), table, rows));
      return new CandidateRef(
          store.uri(prefix.substring(0, prefix.length() - 1)),
          ArtifactStore.sha256(ubj),
          request.params(),
          request.rounds(),
          request.seed(),
          training.resumedAt());
    }
  }

  private static String golden(TrainedModel trained, TrainingTable table, int[] rows) {
    int[] chosen = ScorerGate.sample(rows, GoldenBatch.ROWS);
    float[] predictions =
        trained.predict(table.features(chosen, trained.mappings()), chosen.length);
    return GoldenBatch.toJson(table.instances(chosen), predictions);
  }

  private static void skip(String reason) {
    throw TaskSkipped.because(reason);
  }

  private void put(String key, String json) {
    store.put(key, json.getBytes(StandardCharsets.UTF_8), JSON);
  }

  @Override
  public Evaluation evaluateModel(EvaluationRequest request) {
    return Heartbeats.during(() -> translated(() -> evaluate(request)));
  }

  private Evaluation evaluate(EvaluationRequest request) {
    TrainingTable table = datasets.table(request.dataset());
    TemporalSplit split = split(table, request.dataset());
    byte[] ubj =
        store.getVerified(
            request.candidate().uri() + "/model.ubj", request.candidate().modelSha256());
    TrainedModel candidate = new TrainedModel(ubj, model.names(), mappings(request.candidate()));
    int[] test = split.test();
    float[] scores = candidate.scores(table, test);
    BinaryMetrics metrics = ModelComparisons.metrics(scores, table.labels(test));
    List<ModelComparison> comparisons =
        new ModelComparisons(table, test, scores, request.confidence())
            .with(champions, request.modelName());
    ModelComparison first = comparisons.isEmpty() ? null : comparisons.get(0);
    return new Evaluation(
        metrics,
        LogisticBaseline.train(table, trainingRows(table, request.dataset())).evaluate(table, test),
        first == null || first.result() == null ? null : first.result().other(),
        first == null ? null : first.version(),
        scorerDifference(request.candidate(), candidate, table, test),
        comparisons);
  }

  /** Both files are checked, since serving may read either. */
  private double scorerDifference(
      CandidateRef ref, TrainedModel candidate, TrainingTable table, int[] rows) {
    byte[] json = read(ref.uri() + "/model.json");
    int[] sample = ScorerGate.sample(rows);
    float[] features = table.features(sample, candidate.mappings());
    return Math.max(
        ScorerGate.check(candidate.ubj(), json, features, sample.length),
        ScorerGate.check(candidate.ubj(), candidate.ubj(), features, sample.length));
  }

  @Override
  public GateReport evaluateGate(PromotionGate gate, Evaluation evaluation) {
    GateReport report = GateReport.evaluate(gate, evaluation);
    LOG.info("{}", String.join("\n", Objects.requireNonNull(report.statement())));
    return report;
  }

  private CategoryMappings mappings(CandidateRef candidate) {
    byte[] json = read(candidate.uri() + "/" + CategoryMappings.FILE_NAME);
    return CategoryMappings.fromJson(new String(json, StandardCharsets.UTF_8));
  }

  private byte[] read(String uri) {
    return store
        .get(store.key(uri))
        .orElseThrow(
            () ->
                new PipelineException(
                    PipelineFailure.DATASET_CORRUPT, uri + " is gone. Start the run again."));
  }

  private static TemporalSplit split(TrainingTable table, DatasetRef dataset) {
    return table.split(dataset.validationShare(), dataset.testShare());
  }

  /** Training and validation rows together: all that is older than the test set. */
  private static int[] trainingRows(TrainingTable table, DatasetRef dataset) {
    TemporalSplit split = split(table, dataset);
    return IntStream.concat(IntStream.of(split.train()), IntStream.of(split.validation()))
        .sorted()
        .toArray();
  }

  /** Tells Temporal the round; a cancelled or superseded attempt ends here. */
  private record Heartbeat(ActivityExecutionContext context)
      implements CheckpointedTraining.Listener {
    @Override
    public void trained(int round) {
      context.heartbeat(round);
    }

    @Override
    public void kept(List<RoundMetrics> metrics) {
      // The final training measures nothing while it runs: its test set is looked at once.
    }
  }
}
