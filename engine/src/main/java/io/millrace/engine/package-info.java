/**
 * Directed acyclic graphs of tasks, with Airflow's semantics, in ordinary Temporal workflow code.
 */
@NullMarked
package io.millrace.engine;

import org.jspecify.annotations.NullMarked;
