package io.millrace.engine.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation on each kind of task in each state, against the model. */
class OperationMatrixTest {

  private static final Server SERVER = new MemoryServer();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  static Stream<Cell> cells() {
    return possible(false);
  }

  static Stream<Cell> cellsOfALargeMap() {
    return possible(true);
  }

  /** {@code -Dmatrix.only=...} takes those whose name has a regular expression. */
  private static Stream<Cell> possible(boolean large) {
    Pattern only = Pattern.compile(System.getProperty("matrix.only", ""));
    return Cell.all().stream()
        .filter(cell -> large == (cell.subject() == Subject.MAP_OF_501))
        .filter(cell -> cell.impossible().isEmpty())
        .filter(cell -> only.matcher(cell.toString()).find());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void theRunDoesWhatTheRulesSay(Cell cell) {
    play(cell);
  }

  /** Each cell is half a second of work. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("cellsOfALargeMap")
  @Tag("long")
  void theRunOfALargeMapDoesWhatTheRulesSay(Cell cell) {
    play(cell);
  }

  private static void play(Cell cell) {
    Lockstep run = new Lockstep(SERVER, cell.subject().graph(cell.state()), cell.toString());
    try {
      cell.play(run);
    } finally {
      run.abandon();
    }
  }

  @Test
  void everyCellIsCoveredOrSaysWhyItCannotBe() {
    long covered = Cell.all().stream().filter(cell -> cell.impossible().isEmpty()).count();
    long impossible = Cell.all().stream().filter(cell -> cell.impossible().isPresent()).count();

    assertThat(covered + impossible)
        .isEqualTo(
            (long) OperationKind.values().length * Subject.values().length * Cell.STATES.size());
    assertThat(impossible).isEqualTo(3 * 12 * 7 + 12 * 9);
  }
}
