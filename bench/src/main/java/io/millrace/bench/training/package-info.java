/** What the promotion gate does to models whose true quality is known. */
@NullMarked
package io.millrace.bench.training;

import org.jspecify.annotations.NullMarked;
