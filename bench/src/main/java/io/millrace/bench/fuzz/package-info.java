/** Bad input for the servers, and what they must make of it. */
@NullMarked
package io.millrace.bench.fuzz;

import org.jspecify.annotations.NullMarked;
