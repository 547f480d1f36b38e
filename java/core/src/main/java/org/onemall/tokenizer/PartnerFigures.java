package org.onemall.tokenizer;

import org.jspecify.annotations.Nullable;
import org.onemall.statistics.Estimate;

/**
 * How often a held-out partner is among the nearest 10 items of its scenario, the anchor's other
 * partners left out.
 *
 * @param use what of an item the model reads: both, text or picture
 * @param source of the pairs; {@code all} for all of them
 * @param pairs that were looked for
 * @param anchors that they belong to: the interval draws these
 * @param hr10 share of pairs
 * @param behind how much more the main model finds, pair by pair; absent for itself
 */
public record PartnerFigures(
    String use, String source, int pairs, int anchors, Estimate hr10, @Nullable Estimate behind) {}
