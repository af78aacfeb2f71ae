/** What the shipped DAGs share in operation: assets, the warehouse's pool, alerts. */
@NullMarked
package io.millrace.workflows.operations;

import org.jspecify.annotations.NullMarked;
