/**
 * In: a file of users and their items in order, and where there is one a catalogue that describes
 * the items. Out: the tables of the pipeline in a database, each place of a sequence a request with
 * one purchase, and every row that does not count, by reason.
 */
@NullMarked
package org.onemall.ingest.sequences;

import org.jspecify.annotations.NullMarked;
