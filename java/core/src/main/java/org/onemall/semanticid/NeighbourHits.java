package org.onemall.semanticid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.onemall.parallel.Parallel;
import org.onemall.tensor.Tensor;

/**
 * How often the next item of a held-out pair is among the k nearest to the first one, of all that
 * could be had at that moment. Equally near ones are in random order: an expected share.
 *
 * @param pairs that were asked
 * @param candidates mean number of other items per pair
 * @param rates for each k
 */
public record NeighbourHits(int pairs, double candidates, List<Rate> rates) {
  public NeighbourHits {
    rates = List.copyOf(rates);
  }

  /**
   * Shares for one k.
   *
   * @param vectors by cosine
   * @param sid by the number of equal codes from the first level on
   * @param random of candidates in random order
   */
  public record Rate(int k, double vectors, double sid, double random) {}

  /** A pair's place: how many candidates are nearer, and how many as near, the right one too. */
  private record Place(int nearer, int equal) {
    double hit(int k) {
      return Math.clamp((double) (k - nearer) / equal, 0, 1);
    }
  }

  /**
   * Measures.
   *
   * @param vectors float32 (rows, D)
   * @param codes by level and row
   */
  public static NeighbourHits of(
      Tensor vectors,
      int[][] codes,
      Validity validity,
      NextPairs pairs,
      List<Integer> cutoffs,
      int threads) {
    Place[] byVector = new Place[pairs.size()];
    Place[] bySid = new Place[pairs.size()];
    int[] others = new int[pairs.size()];
    Parallel.each(
        threads,
        pairs.size(),
        pair -> {
          int from = pairs.from()[pair];
          int[] candidates =
              IntStream.of(validity.at(pairs.timeMs()[pair]))
                  .filter(row -> validity.item()[row] != validity.item()[from])
                  .toArray();
          others[pair] = candidates.length;
          byVector[pair] = place(cosines(vectors, from, candidates), candidates, pairs.to()[pair]);
          bySid[pair] = place(depths(codes, from, candidates), candidates, pairs.to()[pair]);
        });
    int size = Math.max(1, pairs.size());
    List<Rate> rates = new ArrayList<>();
    for (int k : cutoffs) {
      double vector = 0;
      double sid = 0;
      double random = 0;
      for (int pair = 0; pair < pairs.size(); pair++) {
        vector += byVector[pair].hit(k);
        sid += bySid[pair].hit(k);
        random += Math.min(1, (double) k / others[pair]);
      }
      rates.add(new Rate(k, vector / size, sid / size, random / size));
    }
    double candidates = IntStream.of(others).average().orElse(0);
    return new NeighbourHits(pairs.size(), candidates, rates);
  }

  private static Place place(float[] scores, int[] candidates, int right) {
    int at = Arrays.binarySearch(candidates, right);
    int nearer = 0;
    int equal = 0;
    for (float score : scores) {
      nearer += score > scores[at] ? 1 : 0;
      equal += score == scores[at] ? 1 : 0;
    }
    return new Place(nearer, equal);
  }

  private static float[] cosines(Tensor vectors, int from, int[] candidates) {
    int width = Math.toIntExact(vectors.dim(1));
    float[] own = new float[width];
    float[] other = new float[width];
    float[] lanes = new float[CosineNeighbours.LANES.length()];
    CosineNeighbours.read(vectors, from, own);
    float[] scores = new float[candidates.length];
    for (int i = 0; i < scores.length; i++) {
      CosineNeighbours.read(vectors, candidates[i], other);
      float norm = (float) Math.sqrt(CosineNeighbours.dot(other, other, lanes));
      scores[i] = norm == 0 ? 0 : CosineNeighbours.dot(own, other, lanes) / norm;
    }
    return scores;
  }

  private static float[] depths(int[][] codes, int from, int[] candidates) {
    float[] scores = new float[candidates.length];
    for (int i = 0; i < scores.length; i++) {
      int depth = 0;
      while (depth < codes.length && codes[depth][from] == codes[depth][candidates[i]]) {
        depth++;
      }
      scores[i] = depth;
    }
    return scores;
  }
}
