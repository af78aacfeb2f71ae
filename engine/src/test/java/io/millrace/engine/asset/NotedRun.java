package io.millrace.engine.asset;

import io.temporal.common.converter.EncodedValues;
import io.temporal.workflow.DynamicWorkflow;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.util.function.Consumer;

/** Any DAG; notes its name when it is started. */
public final class NotedRun implements DynamicWorkflow {

  private final Consumer<String> started;

  NotedRun(Consumer<String> started) {
    this.started = started;
  }

  @Override
  public Object execute(EncodedValues args) {
    if (!WorkflowUnsafe.isReplaying()) {
      started.accept(Workflow.getInfo().getWorkflowType());
    }
    return "done";
  }
}
