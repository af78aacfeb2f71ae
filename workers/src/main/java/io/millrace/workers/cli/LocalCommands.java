package io.millrace.workers.cli;

import io.millrace.stack.Stack;
import io.millrace.stack.StackConfig;
import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.config.ServingConfig;
import io.millrace.workers.config.Settings;
import io.millrace.workers.local.LocalMillrace;
import io.millrace.workers.local.ServingProcesses;
import io.millrace.workers.local.WorkerProcess;
import java.util.HashMap;
import java.util.Map;

/** How commands get at the local servers. */
final class LocalCommands {

  private LocalCommands() {}

  static LocalMillrace local(Console console) {
    Settings settings = Millrace.settings(console);
    Map<String, String> environment = new HashMap<>(console.environment());
    environment.put("MILLRACE_HOME", console.home().toString());
    Stack stack = new Stack(StackConfig.of(settings.local(), environment));
    WorkerProcess worker =
        new WorkerProcess(
            console.home(),
            console.dataDirectory(),
            console.workingDirectory(),
            console.buildId(),
            Map.of());
    ServingProcesses serving =
        new ServingProcesses(
            console.home(),
            console.dataDirectory(),
            console.workingDirectory(),
            ServingConfig.from(settings).port());
    return new LocalMillrace(stack, worker, serving, KafkaConfig.from(settings).rawPartitions());
  }
}
