/** What files, objects and request bodies hold: gzip members, lines, JSON values. */
@NullMarked
package io.millrace.core.input;

import org.jspecify.annotations.NullMarked;
