/**
 * Predictions and features over HTTP beside FastAPI, Ray Serve and Feast; the scorer beside
 * XGBoost.
 */
@NullMarked
package io.millrace.bench.serving;

import org.jspecify.annotations.NullMarked;
