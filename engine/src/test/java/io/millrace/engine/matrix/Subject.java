package io.millrace.engine.matrix;

import java.util.ArrayList;
import java.util.List;

/** What an operation of the matrix is done to: a kind of task with the graph around it. */
enum Subject {
  TASK(Kind.TASK),
  MAP_OF_3(Kind.MAP),
  MAP_OF_501(Kind.MAP),
  MAP_RUNS(Kind.MAP_RUNS),
  CHILD(Kind.CHILD),
  TRIGGER(Kind.TRIGGER),
  BRANCH(Kind.BRANCH),
  SHORT_CIRCUIT(Kind.SHORT_CIRCUIT),
  LATEST_ONLY(Kind.LATEST_ONLY),
  SENSOR(Kind.SENSOR),
  EVENT(Kind.EVENT),
  GATE(Kind.GATE),
  SETUP(Kind.TASK),
  TEARDOWN(Kind.TASK),
  GROUP(Kind.TASK);

  /** Keeps the run open until the test ends it. */
  static final String KEEPER = "keeper";

  /** Has all slots of the pool until the test ends it. */
  static final String HOLDER = "holder";

  static final String ABOVE = "above";

  private static final int LARGE = 501;

  final Kind kind;

  Subject(Kind kind) {
    this.kind = kind;
  }

  /** The tasks that the operation names. */
  List<String> targets() {
    return switch (this) {
      case SETUP -> List.of("up");
      case TEARDOWN -> List.of("down");
      case GROUP -> List.of("grp.a", "grp.b");
      default -> List.of("x");
    };
  }

  /** The graph: something above the subject, something below and beside it, and the keeper. */
  GraphSpec graph(State state) {
    boolean queued = state == State.QUEUED;
    int size = queued && this == MAP_OF_501 ? LARGE : 1;
    List<TaskSpec> tasks = new ArrayList<>();
    tasks.add(TaskSpec.of(KEEPER, Kind.TASK));
    if (queued) {
      tasks.add(TaskSpec.of(HOLDER, Kind.TASK).inPool(size));
    }
    tasks.add(TaskSpec.of(ABOVE, Kind.TASK));
    tasks.add(TaskSpec.of("beside", Kind.TASK, ABOVE));
    switch (this) {
      case SETUP, TEARDOWN -> {
        boolean setup = this == SETUP;
        tasks.add(TaskSpec.of("up", Kind.TASK, ABOVE).inPool(queued && setup ? 1 : 0));
        tasks.add(TaskSpec.of("work", Kind.TASK, "up"));
        tasks.add(
            TaskSpec.of("down", Kind.TASK, "work")
                .teardownOf("up")
                .inPool(queued && !setup ? 1 : 0));
        tasks.add(TaskSpec.of("below", Kind.TASK, "work"));
      }
      case GROUP -> {
        tasks.add(TaskSpec.of("grp.a", Kind.TASK, ABOVE).inPool(queued ? 1 : 0));
        tasks.add(TaskSpec.of("grp.b", Kind.TASK, "grp.a"));
        tasks.add(TaskSpec.of("below", Kind.TASK, "grp.b"));
      }
      default -> {
        tasks.add(subject(state).inPool(queued ? 1 : 0));
        tasks.add(TaskSpec.of("below", Kind.TASK, "x"));
        tasks.add(TaskSpec.of("other", Kind.TASK, "x"));
      }
    }
    return GraphSpec.of(tasks).withPoolSize(size);
  }

  private TaskSpec subject(State state) {
    TaskSpec task = TaskSpec.of("x", kind, ABOVE);
    boolean fails = state == State.FAILED;
    return switch (this) {
      case MAP_OF_3, MAP_RUNS -> task.withItems(3);
      case MAP_OF_501 -> task.withItems(LARGE);
      case BRANCH -> task.choosing(fails ? "nowhere" : "below");
      case SHORT_CIRCUIT -> task.choosing(fails ? "throw" : "go");
      default -> task;
    };
  }
}
