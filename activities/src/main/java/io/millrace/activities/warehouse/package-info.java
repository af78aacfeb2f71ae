/** Bronze, silver and gold in PostgreSQL. */
@NullMarked
package io.millrace.activities.warehouse;

import org.jspecify.annotations.NullMarked;
