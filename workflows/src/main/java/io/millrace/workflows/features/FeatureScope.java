package io.millrace.workflows.features;

/** Of which sessions the newest features are taken from the warehouse. */
public enum FeatureScope {
  /** Those that got events which have not been written to the online store from here. */
  INCREMENTAL,
  /** Those that got events within the online store's time to live. */
  RECENT,
  /** All. */
  FULL
}
