package io.millrace.workflows.operations;

import io.millrace.engine.asset.Asset;

/** What the shipped DAGs make and others can wait for. */
public final class ShippedAssets {
  /** Facts, dimensions and sessions in the warehouse; made by {@code data_pipeline}. */
  public static final Asset GOLD_EVENTS = new Asset("gold_events");

  /** Versions in the model registry, promoted or held back; made by {@code training_pipeline}. */
  public static final Asset MODEL_VERSIONS = new Asset("model_versions");

  private ShippedAssets() {}
}
