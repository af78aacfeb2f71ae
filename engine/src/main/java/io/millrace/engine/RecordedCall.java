package io.millrace.engine;

import io.millrace.engine.payload.CallSize;
import io.temporal.common.metadata.POJOActivityInterfaceMetadata;
import io.temporal.common.metadata.POJOActivityMethodMetadata;
import io.temporal.common.metadata.POJOWorkflowInterfaceMetadata;
import io.temporal.common.metadata.POJOWorkflowMethodMetadata;
import io.temporal.workflow.Functions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One call of an activity interface, recorded instead of made.
 *
 * <p>Turns {@code api -> api.load(date)} into a name and arguments, so that a task becomes one
 * untyped activity stub and costs no workflow thread.
 *
 * @param kind what the call becomes
 * @param type the registered name of the activity or workflow
 * @param resultClass the raw class of its result
 * @param resultType the result's generic type
 * @param args the arguments as given
 */
record RecordedCall(
    Kind kind,
    String type,
    Class<?> resultClass,
    Type resultType,
    List<? extends @Nullable Object> args) {

  /** What a call becomes. */
  enum Kind {
    ACTIVITY,
    /** A child run, whose end is the task's. */
    CHILD,
    /** A run of its own, which outlives this one. */
    TRIGGER
  }

  /** The names of an interface's activities, read once: a map makes hundreds of calls. */
  private static final ClassValue<Map<Method, String>> ACTIVITY_TYPES =
      new ClassValue<>() {
        @Override
        protected Map<Method, String> computeValue(Class<?> api) {
          return POJOActivityInterfaceMetadata.newInstance(api).getMethodsMetadata().stream()
              .collect(
                  Collectors.toUnmodifiableMap(
                      POJOActivityMethodMetadata::getMethod,
                      POJOActivityMethodMetadata::getActivityTypeName));
        }
      };

  /** What a recording proxy returns, so that unboxing it does no harm. */
  private static final Map<Class<?>, Object> ZEROES =
      Map.of(
          boolean.class,
          false,
          byte.class,
          (byte) 0,
          short.class,
          (short) 0,
          char.class,
          (char) 0,
          int.class,
          0,
          long.class,
          0L,
          float.class,
          0f,
          double.class,
          0d);

  /**
   * Records the single call that a lambda makes on an interface.
   *
   * @throws IllegalArgumentException if the lambda calls no method, or more than one
   */
  static <A> RecordedCall of(String taskId, Class<A> api, Functions.Func1<A, ?> call) {
    return record(Kind.ACTIVITY, taskId, api, call, method -> activityType(api, method));
  }

  /** Records a call of a workflow interface's workflow method. */
  static <W> RecordedCall ofRun(
      Kind kind, String taskId, Class<W> workflow, Functions.Func1<W, ?> call) {
    return record(
        kind,
        taskId,
        workflow,
        call,
        method ->
            POJOWorkflowInterfaceMetadata.newInstance(workflow)
                .getWorkflowMethod()
                .filter(candidate -> candidate.getWorkflowMethod().equals(method))
                .map(POJOWorkflowMethodMetadata::getName)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "%s.%s is not the workflow method"
                                .formatted(workflow.getSimpleName(), method.getName()))));
  }

  /** The type of the value that its task has: of a triggered run, the run's id. */
  Type valueType() {
    return kind == Kind.TRIGGER ? String.class : resultType;
  }

  /** The same call with other arguments. */
  RecordedCall withArgs(List<? extends @Nullable Object> others) {
    return new RecordedCall(kind, type, resultClass, resultType, others);
  }

  /** How many bytes it adds to what a run sends, about. */
  int size() {
    return CallSize.of(args);
  }

  private static <A> RecordedCall record(
      Kind kind,
      String taskId,
      Class<A> api,
      Functions.Func1<A, ?> call,
      Function<Method, String> typeOf) {
    Recorder recorder = new Recorder();
    Object proxy = Proxy.newProxyInstance(api.getClassLoader(), new Class<?>[] {api}, recorder);
    call.apply(api.cast(proxy));
    Method method = recorder.method;
    if (recorder.calls != 1 || method == null) {
      throw new IllegalArgumentException(
          "Task '%s' must call exactly one method of %s, it calls %d"
              .formatted(taskId, api.getSimpleName(), recorder.calls));
    }
    return new RecordedCall(
        kind,
        typeOf.apply(method),
        method.getReturnType(),
        method.getGenericReturnType(),
        Collections.unmodifiableList(Arrays.asList(recorder.args)));
  }

  private static String activityType(Class<?> api, Method method) {
    String type = ACTIVITY_TYPES.get(api).get(method);
    if (type == null) {
      throw new IllegalArgumentException(
          "%s.%s is no activity method; is %s annotated with @ActivityInterface?"
              .formatted(api.getSimpleName(), method.getName(), api.getSimpleName()));
    }
    return type;
  }

  private static final class Recorder implements InvocationHandler {
    private int calls;
    private @Nullable Method method;
    private @Nullable Object[] args = {};

    @Override
    public @Nullable Object invoke(
        Object proxy, Method invoked, @Nullable Object @Nullable [] arguments) {
      calls++;
      method = invoked;
      args = arguments == null ? new Object[0] : arguments;
      return ZEROES.get(invoked.getReturnType());
    }
  }
}
