/** Scoring of trained models without native code. */
@NullMarked
package io.millrace.core.serving;

import org.jspecify.annotations.NullMarked;
