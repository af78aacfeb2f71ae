@NullMarked
package io.millrace.engine.replay;

import org.jspecify.annotations.NullMarked;
