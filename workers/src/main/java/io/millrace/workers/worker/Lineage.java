package io.millrace.workers.worker;

import io.millrace.engine.lineage.HttpLineage;
import io.millrace.engine.lineage.LineageInterceptor;
import io.millrace.workers.config.LineageConfig;
import io.temporal.common.interceptors.WorkerInterceptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells OpenLineage while the worker runs, if the settings name an endpoint. */
final class Lineage implements AutoCloseable {
  private final @Nullable HttpLineage sink;
  private final List<WorkerInterceptor> interceptors;

  private Lineage(@Nullable HttpLineage sink, List<WorkerInterceptor> interceptors) {
    this.sink = sink;
    this.interceptors = interceptors;
  }

  static Lineage start(LineageConfig config) {
    if (config.url() == null) {
      return new Lineage(null, List.of());
    }
    HttpLineage sink =
        new HttpLineage(config.url(), config.apiKey() == null ? null : config.apiKey().value());
    return new Lineage(sink, List.of(new LineageInterceptor(sink, config.namespace())));
  }

  /** One, or none. */
  List<WorkerInterceptor> interceptors() {
    return interceptors;
  }

  @Override
  public void close() {
    if (sink != null) {
      sink.close();
    }
  }
}
