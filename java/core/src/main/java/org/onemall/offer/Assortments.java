package org.onemall.offer;

import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.run.Artefact;
import org.onemall.run.Artefacts;
import org.onemall.semanticid.SemanticIds;
import org.onemall.semanticid.SidIndex;
import org.onemall.semanticid.SidLookup;
import org.onemall.shop.Availability;
import org.onemall.shop.Scenario;

/**
 * What a scenario offers over time. Time is cut into epochs wherever an item comes or goes or its
 * SID changes (a catalogue without times is one epoch, live rooms change every few minutes); the
 * assortment of an epoch is made when first asked for, and the latest ones are kept. For any number
 * of threads.
 */
public final class Assortments implements Offer {
  /** Places of items, over all assortments that are kept: some 50 bytes each. */
  private static final int KEPT_PLACES = 1_000_000;

  private static final int LEAST_KEPT = 16;
  private static final int MOST_KEPT = 1_024;

  private final SemanticIds sids;
  private final Availability availability;
  private final Scenario scenario;
  private final float[][] counts;
  private final double smoothing;
  private final int[] place;
  private final int places;
  private final long[] changes;
  private final Map<Integer, Assortment> kept;

  /**
   * @param sids of the scenario
   * @param counts by snapshot and item: how popular items are
   * @param smoothing of {@link org.onemall.beam.PopularityPrior}
   */
  public Assortments(
      SemanticIds sids,
      Availability availability,
      Scenario scenario,
      float[][] counts,
      double smoothing) {
    this.sids = sids;
    this.availability = availability;
    this.scenario = scenario;
    this.counts = counts;
    this.smoothing = smoothing;
    place = new int[availability.items()];
    Arrays.fill(place, -1);
    LongArrayList moments = new LongArrayList();
    int next = 0;
    for (int item = 0; item < place.length; item++) {
      if (sids.has(item) && availability.scenario(item) == scenario) {
        place[item] = next++;
        availability.changes(item, moments::add);
        sids.changes(item, moments::add);
      }
    }
    places = next;
    changes = moments.longStream().sorted().distinct().toArray();
    int most = Math.clamp(KEPT_PLACES / Math.max(1, places), LEAST_KEPT, MOST_KEPT);
    kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Assortment> eldest) {
            return size() > most;
          }
        };
  }

  /** What a scenario of a run offers, popular or not. */
  public static Assortments read(Artefacts run, Scenario scenario, BufferAllocator allocator)
      throws IOException {
    SemanticIds sids = SemanticIds.read(run.file(Artefact.SEMANTIC_IDS), allocator);
    return new Assortments(sids, Availability.read(run, allocator), scenario, new float[0][], 1);
  }

  @Override
  public boolean has(int item, long timeMs) {
    return place[item] >= 0 && availability.has(item, timeMs);
  }

  @Override
  public void mask(long timeMs, float[] scores) {
    at(timeMs).mask(scores);
  }

  /** Why an item of this scenario isn't offered at a moment; null where it is, and for others. */
  public @Nullable String missing(int item, long timeMs) {
    if (availability.scenario(item) != scenario || has(item, timeMs)) {
      return null;
    }
    return place[item] < 0 ? "without_sid" : "not_available";
  }

  /** Fills {@code out} with the SID of an item at a moment, see {@link SidLookup}. */
  public void codes(int item, long timeMs, int[] out) {
    if (place[item] < 0) {
      Arrays.fill(out, SidLookup.NONE);
    } else {
      sids.codes(item, timeMs, out);
    }
  }

  /**
   * What is offered at a moment, at least one item: else an exception names scenario and moment.
   */
  public Assortment at(long timeMs) {
    int found = Arrays.binarySearch(changes, timeMs);
    int epoch = found >= 0 ? found + 1 : -found - 1;
    synchronized (kept) {
      return kept.computeIfAbsent(epoch, this::make);
    }
  }

  private Assortment make(int epoch) {
    long moment = epoch == 0 ? Long.MIN_VALUE : changes[epoch - 1];
    SidIndex index = SidIndex.of(sids, moment, item -> has(item, moment));
    if (index.leaves() == 0) {
      throw new IllegalStateException(
          "%s: nothing is offered from %d ms on; a request of that moment can't have a target"
              .formatted(scenario.key(), moment));
    }
    return new Assortment(index, counts, smoothing, place, places);
  }
}
