/**
 * In: paths of source files. Out: the port that every kind of source implements, and what all of
 * them stand on: files looked at before they are read, and the embedded database that reads them.
 */
@NullMarked
package org.onemall.ingest.source;

import org.jspecify.annotations.NullMarked;
