/** Lake to gold beside pandas, DuckDB and plain COPY. */
@NullMarked
package io.millrace.bench.etl;

import org.jspecify.annotations.NullMarked;
