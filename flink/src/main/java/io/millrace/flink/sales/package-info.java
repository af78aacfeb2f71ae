/** Brings sales from their topic to PostgreSQL. */
@NullMarked
package io.millrace.flink.sales;

import org.jspecify.annotations.NullMarked;
