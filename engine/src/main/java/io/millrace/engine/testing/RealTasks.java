package io.millrace.engine.testing;

import io.temporal.activity.Activity;
import io.temporal.common.converter.EncodedValues;
import io.temporal.common.metadata.POJOActivityImplMetadata;
import io.temporal.common.metadata.POJOActivityMethodMetadata;
import io.temporal.failure.ApplicationFailure;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers a task with its real activity, in the thread of the fake that it stands in for: its
 * arguments are decoded, and its heartbeats sent, as on a worker.
 */
final class RealTasks implements DagTest.Fake {

  private record Implementation(Object object, Method method) {}

  private final Map<String, Implementation> byType = new HashMap<>();

  /** Takes the implementations of activity interfaces. */
  RealTasks(Collection<?> implementations) {
    for (Object object : implementations) {
      for (POJOActivityMethodMetadata method :
          POJOActivityImplMetadata.newInstance(object.getClass()).getActivityMethods()) {
        byType.put(method.getActivityTypeName(), new Implementation(object, method.getMethod()));
      }
    }
  }

  @Override
  public @Nullable Object answer(EncodedValues args) throws Exception {
    String type = Activity.getExecutionContext().getInfo().getActivityType();
    Implementation real = byType.get(type);
    if (real == null) {
      throw ApplicationFailure.newNonRetryableFailure(
          "No implementation of the activity '%s' was given".formatted(type), "NoImplementation");
    }
    Class<?>[] types = real.method().getParameterTypes();
    Type[] generic = real.method().getGenericParameterTypes();
    Object[] values = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      values[i] = i < args.getSize() ? args.get(i, types[i], generic[i]) : null;
    }
    try {
      return real.method().invoke(real.object(), values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception exception) {
        throw exception;
      }
      throw e;
    }
  }
}
