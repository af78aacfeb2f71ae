@NullMarked
package io.millrace.engine.asset;

import org.jspecify.annotations.NullMarked;
