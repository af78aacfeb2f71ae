package io.millrace.engine.pool;

import io.millrace.engine.pool.RunPools.CarriedLease;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;

/** A run that takes slots and keeps them until it is told to leave. */
@WorkflowInterface
public interface Keeper {

  @WorkflowMethod(name = "keeper")
  String run(Claim claim, List<CarriedLease> carried);

  /** Ends the run. */
  @SignalMethod
  void leave();

  /** Continues as new, with its leases or without giving them a thought. */
  @SignalMethod
  void moveOn(boolean carrying);

  /** The number of leases that it has. */
  @QueryMethod
  int held();

  /** Keeps. */
  final class Impl implements Keeper {

    private final RunPools pools;
    private boolean leaving;
    private boolean movingOn;
    private boolean carrying;

    /** Listens before anything else happens. */
    @WorkflowInit
    public Impl(Claim claim, List<CarriedLease> carried) {
      pools = new RunPools(carried);
    }

    @Override
    public String run(Claim claim, List<CarriedLease> carried) {
      if (carried.isEmpty() && Workflow.getInfo().getContinuedExecutionRunId().isEmpty()) {
        pools.acquire(claim).granted().get();
      }
      try {
        Workflow.await(() -> leaving || movingOn);
      } catch (CanceledFailure e) {
        pools.close();
        throw e;
      }
      if (movingOn) {
        Workflow.continueAsNew(claim, carrying ? pools.carry() : List.of());
      }
      pools.close();
      return "left";
    }

    @Override
    public void leave() {
      leaving = true;
    }

    @Override
    public void moveOn(boolean carryingLeases) {
      movingOn = true;
      carrying = carryingLeases;
    }

    @Override
    public int held() {
      return pools.held().size();
    }
  }
}
