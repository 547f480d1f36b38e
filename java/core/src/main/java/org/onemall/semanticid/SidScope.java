package org.onemall.semanticid;

import org.apache.arrow.memory.BufferAllocator;
import org.onemall.run.Artefacts;
import org.onemall.shop.Scenario;

/**
 * One scenario of a run, and the means to make and measure its Semantic IDs.
 *
 * @param run its artefacts up to the codebook
 * @param seed of the step
 * @param threads that may be used
 */
public record SidScope(
    Artefacts run, Scenario scenario, long seed, int threads, BufferAllocator allocator) {}
