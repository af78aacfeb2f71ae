package io.millrace.stack;

/** What a server promises about data it has confirmed. */
public enum Durability {
  /** Confirmed means on disk: survives a power cut. */
  DURABLE,
  /** Confirmed means handed to the system: survives a killed server. For tests. */
  RELAXED
}
