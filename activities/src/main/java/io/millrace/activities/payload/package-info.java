/** The blob store of large payloads on S3. */
@NullMarked
package io.millrace.activities.payload;

import org.jspecify.annotations.NullMarked;
