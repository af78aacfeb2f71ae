package io.millrace.engine;

import io.temporal.common.converter.EncodedValues;
import io.temporal.common.metadata.POJOWorkflowImplMetadata;
import io.temporal.common.metadata.POJOWorkflowMethodMetadata;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkflowImplementationOptions;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Registers workflow classes. A DAG's constructor that throws fails the run, as {@code define} does
 * that throws; by the SDK its workflow task would be tried for ever.
 */
final class DagInstances {

  private DagInstances() {}

  /** Registers a class; returns its workflow types. */
  static List<String> register(
      Worker worker, Class<?> implementation, WorkflowImplementationOptions options) {
    POJOWorkflowImplMetadata metadata = POJOWorkflowImplMetadata.newInstance(implementation);
    List<POJOWorkflowMethodMetadata> methods = metadata.getWorkflowMethods();
    if (DagWorkflow.class.isAssignableFrom(implementation)) {
      Constructor<?> init = metadata.getWorkflowInit();
      methods.stream()
          .map(POJOWorkflowMethodMetadata::getWorkflowInterface)
          .distinct()
          .forEach(type -> register(worker, type, implementation, init, options));
    } else {
      worker.registerWorkflowImplementationTypes(options, implementation);
    }
    return methods.stream().map(POJOWorkflowMethodMetadata::getName).toList();
  }

  private static <W> void register(
      Worker worker,
      Class<W> type,
      Class<?> implementation,
      @Nullable Constructor<?> init,
      WorkflowImplementationOptions options) {
    worker.registerWorkflowImplementationFactory(
        type,
        input ->
            InputGuard.run(
                DagWorkflow.INVALID_DAG,
                "The workflow class %s cannot be made".formatted(implementation.getName()),
                () -> type.cast(instance(implementation, init, input))),
        options);
  }

  private static Object instance(
      Class<?> implementation, @Nullable Constructor<?> init, EncodedValues input) {
    try {
      if (init == null) {
        return implementation.getDeclaredConstructor().newInstance();
      }
      Object[] args = new Object[init.getParameterCount()];
      for (int i = 0; i < args.length; i++) {
        args[i] = input.get(i, init.getParameterTypes()[i], init.getGenericParameterTypes()[i]);
      }
      return init.newInstance(args);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      } else if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "it has no public constructor that takes nothing: " + e.getMessage(), e);
    }
  }
}
