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
record Counts(
    long raw, long valid, long invalid, long lakeObjects, long lakeValid, long lakeInvalid) {

  /** Whether every message has been judged. */
  boolean isValidated() {
    return valid + invalid == raw;
  }

  /** Whether every judged message is in the lake. */
  boolean isInLake() {
    return lakeValid == valid && lakeInvalid == invalid;
  }
}
