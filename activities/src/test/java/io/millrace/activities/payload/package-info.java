/** Tests of the blob store on S3. */
@NullMarked
package io.millrace.activities.payload;

import org.jspecify.annotations.NullMarked;
