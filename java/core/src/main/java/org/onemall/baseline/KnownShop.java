package org.onemall.baseline;

import org.apache.arrow.memory.BufferAllocator;
import org.onemall.run.Artefacts;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;

/**
 * What a baseline learns from.
 *
 * @param run what is known of users and items: their features, and SIDs of this scenario
 * @param baskets of the behavior, of all time: whoever learns stays before the moment
 * @param behavior that counts, of the past and as target
 * @param moment nothing from it on may be used
 * @param allocator of what is read; stays the caller's
 */
public record KnownShop(
    Artefacts run,
    Baskets baskets,
    Behavior behavior,
    long moment,
    int threads,
    BufferAllocator allocator) {}
