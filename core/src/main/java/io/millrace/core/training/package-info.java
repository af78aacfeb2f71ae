/**
 * What a training run computes without any I/O: encoding, split, metrics, baselines, the promotion
 * gate.
 */
@NullMarked
package io.millrace.core.training;

import org.jspecify.annotations.NullMarked;
