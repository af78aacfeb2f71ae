/** From lake objects to bronze: the object store, the ledger and the loader. */
@NullMarked
package io.millrace.activities.lake;

import org.jspecify.annotations.NullMarked;
