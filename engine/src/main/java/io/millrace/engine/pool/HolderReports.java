package io.millrace.engine.pool;

import io.millrace.engine.pool.PoolState.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is to be sent to one holder. */
public record HolderReports(String workflowId, List<PoolAnswer> answers) {

  public HolderReports {
    answers = List.copyOf(answers);
  }

  /** The grants that have not been sent, and the refusals: one message a holder. */
  static List<HolderReports> gather(Collection<PoolEntry> leases, Collection<Refusal> refusals) {
    Map<String, List<PoolAnswer>> answers = new LinkedHashMap<>();
    for (PoolEntry lease : leases) {
      if (!lease.told()) {
        to(lease.holder(), answers).add(PoolAnswer.granted(lease.leaseId()));
      }
    }
    for (Refusal refusal : refusals) {
      to(refusal.holder(), answers).add(new PoolAnswer(refusal.leaseId(), refusal.why()));
    }
    return answers.entrySet().stream()
        .map(holder -> new HolderReports(holder.getKey(), holder.getValue()))
        .toList();
  }

  private static List<PoolAnswer> to(Holder holder, Map<String, List<PoolAnswer>> answers) {
    return answers.computeIfAbsent(holder.workflowId(), id -> new ArrayList<>());
  }
}
