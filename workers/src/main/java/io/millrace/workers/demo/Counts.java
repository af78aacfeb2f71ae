package io.millrace.workers.demo;

/**
 * How many events there are at each place, of all times.
 *
 * @param raw messages in the raw topics
 * @param valid messages in the validated topic
 * @param invalid messages in the invalid topic
 * @param lakeObjects objects in both buckets of the lake
 * @param lakeValid lines in the bucket of the valid
 * @param lakeInvalid lines in the bucket of the invalid
 */
public record Counts(
    long raw, long valid, long invalid, long lakeObjects, long lakeValid, long lakeInvalid) {

  /** Messages that were judged. */
  public long judged() {
    return valid + invalid;
  }

  /** Whether every message has been judged. */
  public boolean isValidated() {
    return judged() == raw;
  }

  /** Whether every judged message is in the lake. */
  public boolean isInLake() {
    return lakeValid == valid && lakeInvalid == invalid;
  }
}
