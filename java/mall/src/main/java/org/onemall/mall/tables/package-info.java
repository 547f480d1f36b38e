/**
 * In: a world and the rows of its days. Out: a folder of tables, those anybody may read and those
 * of the truth, with sums over what was written, committed as a whole or not at all.
 */
@NullMarked
package org.onemall.mall.tables;

import org.jspecify.annotations.NullMarked;
