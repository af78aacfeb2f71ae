/** HTTP access to the registered models. */
@NullMarked
package io.millrace.serving;

import org.jspecify.annotations.NullMarked;
