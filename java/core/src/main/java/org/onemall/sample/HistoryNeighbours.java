package org.onemall.sample;

import java.util.Arrays;
import org.onemall.offer.Offer;

/**
 * Scratch: the best neighbours of histories. An item's score is the sum over the history's latest
 * items of decay^age times the item-to-item score, age in requests (as item-kNN with recency in the
 * next-item literature, where every request is one item). Only what is offered at the request's
 * moment counts. Ties go to the lower item id.
 */
final class HistoryNeighbours {
  private final NeighbourTable table;
  private final Offer offer;
  private final int limit;
  private final int fromItems;
  private final float decay;
  private float[] decayed = {1};

  private final float[] sum;
  private final boolean[] touched;
  private int[] found = new int[64];

  /** A heap of the best, the worst of them first: score bits above, inverted item id below. */
  private final long[] best;

  private int size;

  HistoryNeighbours(NeighbourTable table, Offer offer, int items, SampleConfig config) {
    this.table = table;
    this.offer = offer;
    this.limit = config.neighbours();
    this.fromItems = config.neighbourItems();
    this.decay = config.recencyDecay();
    this.sum = new float[items];
    this.touched = new boolean[items];
    this.best = new long[limit];
  }

  /** Gathers the neighbours of what was last scanned; then {@link #size} are there, best first. */
  void gather(HistoryTokens tokens, int request, int snapshot, long timeMs) {
    int count = 0;
    int first = tokens.start(request);
    int end = first + Math.min(fromItems, tokens.count[request]);
    for (int t = first; t < end; t++) {
      float weight = decayed(tokens.age[t]);
      long last = table.end(snapshot, tokens.item[t]);
      for (long entry = table.start(snapshot, tokens.item[t]); entry < last; entry++) {
        int neighbour = table.neighbour(entry);
        if (touched[neighbour]) {
          sum[neighbour] += weight * table.score(entry);
        } else if (!tokens.has(neighbour)) {
          touched[neighbour] = true;
          sum[neighbour] = weight * table.score(entry);
          if (count == found.length) {
            found = Arrays.copyOf(found, 2 * count);
          }
          found[count++] = neighbour;
        }
      }
    }
    size = 0;
    for (int i = 0; i < count; i++) {
      touched[found[i]] = false;
      if (offer.has(found[i], timeMs)) {
        keep(((long) Float.floatToRawIntBits(sum[found[i]]) << 32) | (~found[i] & 0xFFFF_FFFFL));
      }
    }
    Arrays.sort(best, 0, size);
  }

  private float decayed(int age) {
    if (age >= decayed.length) {
      int known = decayed.length;
      decayed = Arrays.copyOf(decayed, 2 * age);
      for (int a = known; a < decayed.length; a++) {
        decayed[a] = (float) StrictMath.pow(decay, a);
      }
    }
    return decayed[age];
  }

  private void keep(long key) {
    if (size < limit) {
      int at = size++;
      for (; at > 0 && best[(at - 1) / 2] > key; at = (at - 1) / 2) {
        best[at] = best[(at - 1) / 2];
      }
      best[at] = key;
    } else if (key > best[0]) {
      int at = 0;
      for (int child = 1; child < size; child = 2 * at + 1) {
        if (child + 1 < size && best[child + 1] < best[child]) {
          child++;
        }
        if (best[child] >= key) {
          break;
        }
        best[at] = best[child];
        at = child;
      }
      best[at] = key;
    }
  }

  int size() {
    return size;
  }

  /** The item of a rank, 0 = best. */
  int item(int rank) {
    return ~(int) best[size - 1 - rank];
  }

  float score(int rank) {
    return Float.intBitsToFloat((int) (best[size - 1 - rank] >>> 32));
  }
}
