/** Bad input for the servers, a little of it in every build. */
@NullMarked
package io.millrace.bench.fuzz;

import org.jspecify.annotations.NullMarked;
