/** The record of what was predicted. */
@NullMarked
package io.millrace.serving.log;

import org.jspecify.annotations.NullMarked;
