package io.millrace.engine;

/** The result of a check: one that does not pass fails its task and so blocks what is below it. */
public interface CheckReport {

  /** Returns whether the run may go on. */
  boolean passed();

  /** Says what was checked, and of a failure which rule, value and threshold. */
  String explain();
}
