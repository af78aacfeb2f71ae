package io.millrace.workflows.training;

import io.millrace.core.training.BinaryMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of all contenders on the same untouched test rows.
 *
 * @param candidate the new model
 * @param baseline a logistic regression trained on the same rows as the candidate
 * @param champion the current champion with its own category mappings, or null if there is none
 * @param championVersion its version, or null if there is none
 */
public record Evaluation(
    BinaryMetrics candidate,
    BinaryMetrics baseline,
    @Nullable BinaryMetrics champion,
    @Nullable String championVersion) {}
