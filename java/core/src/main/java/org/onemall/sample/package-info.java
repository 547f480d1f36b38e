/**
 * In: user-sorted interactions and the tables counted from them. Out: requests with their targets,
 * and the batches of tensors that the retriever is trained, measured and served with.
 */
@NullMarked
package org.onemall.sample;

import org.jspecify.annotations.NullMarked;
