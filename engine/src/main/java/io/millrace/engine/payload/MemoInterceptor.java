package io.millrace.engine.payload;

import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;

/**
 * Lets workers look up the result of an activity that has a {@link Memo} before they run it, and
 * keep it afterwards. A memo that cannot be read or kept is logged, and the activity runs: it never
 * fails a task.
 */
public final class MemoInterceptor extends WorkerInterceptorBase {

  private final MemoStore memos;

  public MemoInterceptor(MemoStore memos) {
    this.memos = memos;
  }

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return new WorkflowInboundCallsInterceptorBase(next) {
      @Override
      public void init(WorkflowOutboundCallsInterceptor outbound) {
        super.init(new Sender(outbound));
      }
    };
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new MemoisedActivity(next, memos);
  }

  private static final class Sender extends WorkflowOutboundCallsInterceptorBase {
    private Sender(WorkflowOutboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public <R> ActivityOutput<R> executeActivity(ActivityInput<R> input) {
      Memo.send(input.getHeader());
      return super.executeActivity(input);
    }
  }
}
