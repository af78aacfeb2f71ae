@NullMarked
package io.millrace.activities.asset;

import org.jspecify.annotations.NullMarked;
