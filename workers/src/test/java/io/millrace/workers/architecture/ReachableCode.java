package io.millrace.workers.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The methods and constructors of this project that a workflow may run: those of workflow types and
 * interceptors of workflows, and whatever they call. A call of an interface or a superclass reaches
 * every override, but for activities, whose implementations run elsewhere. A lambda counts as part
 * of the method that contains it.
 */
final class ReachableCode {
  private static final String INTERFACE = "io.temporal.workflow.WorkflowInterface";
  private static final Set<String> INTERCEPTORS =
      Set.of(
          "io.temporal.common.interceptors.WorkflowInboundCallsInterceptor",
          "io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor");

  /** By what is reached: from where, or null for an entry point. */
  private final Map<JavaCodeUnit, @Nullable JavaCodeUnit> callers = new LinkedHashMap<>();

  private final Deque<JavaCodeUnit> open = new ArrayDeque<>();

  private ReachableCode() {}

  /** All that the workflows among these classes may run. */
  static ReachableCode of(JavaClasses classes) {
    ReachableCode code = new ReachableCode();
    classes.stream()
        .filter(ReachableCode::isEntry)
        .flatMap(
            type -> Stream.concat(type.getConstructors().stream(), type.getAllMethods().stream()))
        .filter(entry -> !entry.getModifiers().contains(JavaModifier.STATIC))
        .forEach(entry -> code.add(entry, null));
    while (!code.open.isEmpty()) {
      code.follow(code.open.remove());
    }
    return code;
  }

  private static boolean isEntry(JavaClass type) {
    return !type.isInterface()
        && Stream.concat(type.getAllRawInterfaces().stream(), type.getAllRawSuperclasses().stream())
            .anyMatch(
                above ->
                    above.isAnnotatedWith(INTERFACE) || INTERCEPTORS.contains(above.getName()));
  }

  private void follow(JavaCodeUnit unit) {
    if (unit.isConstructor()) {
      callbacks(unit.getOwner()).forEach(callback -> add(callback, unit));
    }
    accesses(unit).forEach(access -> targets(access).forEach(target -> add(target, unit)));
  }

  /** Its calls, and the methods and constructors that it refers to. */
  static Stream<JavaCodeUnitAccess<?>> accesses(JavaCodeUnit unit) {
    return Stream.of(
            unit.getCallsFromSelf(),
            unit.getMethodReferencesFromSelf(),
            unit.getConstructorReferencesFromSelf())
        .flatMap(Set::stream);
  }

  /** What the libraries may call once they have an instance, such as {@code Comparator.compare}. */
  private static Stream<JavaMethod> callbacks(JavaClass type) {
    if (isActivity(type)) {
      return Stream.empty();
    }
    Set<String> names =
        type.getAllRawInterfaces().stream()
            .filter(above -> !isOurs(above))
            .flatMap(above -> above.getMethods().stream())
            .map(JavaMethod::getName)
            .collect(Collectors.toSet());
    return type.getMethods().stream().filter(method -> names.contains(method.getName()));
  }

  private static Stream<JavaCodeUnit> targets(JavaCodeUnitAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    if (!isOurs(owner) || isActivity(owner)) {
      return Stream.empty();
    }
    Stream<JavaCodeUnit> named =
        access.getTarget().resolveMember().stream().map(member -> (JavaCodeUnit) member);
    String[] parameters =
        access.getTarget().getRawParameterTypes().stream()
            .map(JavaClass::getName)
            .toArray(String[]::new);
    Stream<JavaCodeUnit> overrides =
        owner.getAllSubclasses().stream()
            .filter(type -> !isActivity(type))
            .flatMap(type -> type.tryGetMethod(access.getName(), parameters).stream())
            .map(JavaMethod.class::cast);
    return Stream.concat(named, overrides);
  }

  private static boolean isActivity(JavaClass type) {
    return Stream.concat(Stream.of(type), type.getAllRawInterfaces().stream())
        .anyMatch(above -> above.isAnnotatedWith("io.temporal.activity.ActivityInterface"));
  }

  private void add(JavaCodeUnit unit, @Nullable JavaCodeUnit caller) {
    if (isOurs(unit.getOwner()) && !callers.containsKey(unit)) {
      callers.put(unit, caller);
      open.add(unit);
    }
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith("io.millrace");
  }

  Set<JavaCodeUnit> units() {
    return callers.keySet();
  }

  /** How a workflow gets to it, from the entry point on. */
  String path(JavaCodeUnit unit) {
    Deque<String> names = new ArrayDeque<>();
    for (@Nullable JavaCodeUnit at = unit; at != null; at = callers.get(at)) {
      names.push(at.getOwner().getSimpleName() + "." + at.getName());
    }
    return names.stream().collect(Collectors.joining(" > "));
  }
}
