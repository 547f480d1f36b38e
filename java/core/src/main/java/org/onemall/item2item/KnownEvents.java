package org.onemall.item2item;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntBinaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.table.TableSchema;

/**
 * What pairs may be made from: the events of a log before a moment.
 *
 * @param interactions {@link TableSchema#INTERACTIONS}
 * @param kinds of all items
 * @param users their number
 * @param before only what happened before this moment counts
 * @param allocator of what is read; stays the caller's
 */
public record KnownEvents(
    Path interactions, ItemKinds kinds, int users, long before, BufferAllocator allocator) {
  /** The whole log's baskets of a behavior; whoever asks stays before {@link #before}. */
  Baskets baskets(Behavior behavior, IntBinaryOperator counts) throws IOException {
    return Baskets.read(interactions, behavior, users, kinds.items(), counts, allocator);
  }
}
