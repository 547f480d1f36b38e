package org.onemall.retrieve;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.onemall.shop.Behavior;

/**
 * All that the retriever's network is opened with: its settings and what the data decide. Crosses
 * to Python as one flat object.
 *
 * @param items that training may meet: the lowest ids of a catalogue that may grow
 * @param codeSizes codes of each level
 * @param vectorWidth of the item vectors
 * @param neighbours per request at most
 * @param scenarios that items belong to
 * @param behaviors histories; the pointer copies from the first
 */
public record RetrieverShape(
    @JsonUnwrapped RetrieverConfig config,
    int items,
    List<Integer> codeSizes,
    int vectorWidth,
    int neighbours,
    int scenarios,
    List<Behavior> behaviors) {}
