package io.millrace.workers.payload;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.Summary;
import io.millrace.engine.Task;
import io.temporal.activity.ActivityInterface;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A DAG whose first task hands three megabytes to its second. */
@WorkflowInterface
public interface Ledger extends DagRunOps {

  /** Bytes that the first task writes. */
  int SIZE = 3 << 20;

  @WorkflowMethod(name = "ledger")
  RunReport run(@Nullable RawValue params);

  /** No params. */
  record None() {}

  /** How much was read. */
  record Read(int bytes) implements Summary {
    @Override
    public String summary() {
      return bytes + " bytes";
    }
  }

  /** What its tasks do. */
  @ActivityInterface
  interface Clerk {
    String write();

    Read read(String page);
  }

  /** Writes what does not compress. */
  final class ClerkImpl implements Clerk {
    @Override
    public String write() {
      StringBuilder text = new StringBuilder(SIZE);
      new Random(7).ints(SIZE, 35, 91).forEach(symbol -> text.append((char) symbol));
      return text.toString();
    }

    @Override
    public Read read(String page) {
      return new Read(page.length());
    }
  }

  /** The graph. */
  final class Impl extends DagWorkflow<None> implements Ledger {
    @Override
    protected None defaults() {
      return new None();
    }

    @Override
    protected void define(Dag dag, None params, DataInterval interval) {
      dag.defaults(Policy.DEFAULT.withRetries(100, Duration.ofMillis(200)));
      Task<String> page = dag.task("write", Clerk.class, Clerk::write);
      dag.task("read", Clerk.class, page, Clerk::read);
    }
  }
}
