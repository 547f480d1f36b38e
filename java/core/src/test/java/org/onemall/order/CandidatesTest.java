package org.onemall.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;
  private static final Offset<Float> CLOSE = within(1e-5f);

  @Test
  void mixesGeneratorAndPointer() {
    Candidates candidates = new Candidates();
    candidates.clear();
    candidates.addSid(new int[] {9, 4, 5}, 1, 3, (float) Math.log(0.5)); // 4 and 5 share a SID
    candidates.addSid(new int[] {6}, 0, 1, (float) Math.log(0.1));
    candidates.addHistory(5, (float) Math.log(0.8));
    candidates.addHistory(7, NONE); // past the pointer's window
    candidates.addNeighbour(8, (float) Math.log(0.4));
    candidates.addNeighbour(4, (float) Math.log(0.6));
    candidates.complete(
        (float) Math.log(0.5), (float) Math.log(0.3), (float) Math.log(0.2), SharedSid.EQUAL);
    double floor = 0.1 / Math.E;
    assertThat(candidates.count()).isEqualTo(5);
    assertThat(candidates.beamCount()).isEqualTo(3);
    assertProbability(candidates, 0, 4, 0.5 * 0.25 + 0.2 * 0.6, false);
    assertProbability(candidates, 1, 5, 0.5 * 0.25 + 0.3 * 0.8, true);
    assertProbability(candidates, 2, 6, 0.5 * 0.1, false);
    assertProbability(candidates, 3, 7, 0.5 * floor, true);
    assertProbability(candidates, 4, 8, 0.5 * floor + 0.2 * 0.4, false);
  }

  /** Whatever the pointer would copy. */
  @Test
  void aPointerThatIsSwitchedOffLeavesTheGenerator() {
    Candidates candidates = new Candidates();
    candidates.clear();
    candidates.addSid(new int[] {4, 5}, 0, 2, (float) Math.log(0.5));
    candidates.addSid(new int[] {6}, 0, 1, (float) Math.log(0.1));
    candidates.addHistory(6, (float) Math.log(0.9));
    candidates.addHistory(7, (float) Math.log(0.1));
    candidates.addNeighbour(5, 0);
    candidates.complete(0, NONE, NONE, SharedSid.EQUAL);
    assertThat(candidates.count()).isEqualTo(4);
    for (int i = 0; i < candidates.count(); i++) {
      assertThat(candidates.part(Part.RETRIEVER, i)).isEqualTo(candidates.generator(i));
    }
    assertThat(candidates.generator(3)).isLessThan(candidates.generator(2));
  }

  private static void assertProbability(
      Candidates candidates, int index, int item, double probability, boolean inHistory) {
    assertThat(candidates.item(index)).isEqualTo(item);
    assertThat(candidates.inHistory(index)).isEqualTo(inHistory);
    assertThat(candidates.part(Part.RETRIEVER, index))
        .isCloseTo((float) Math.log(probability), CLOSE);
  }

  @Test
  void towerSplitsASid() {
    Candidates candidates = new Candidates();
    candidates.clear();
    candidates.addSid(new int[] {0, 1}, 0, 2, (float) Math.log(0.6));
    candidates.fill(Part.TOWER, item -> item == 0 ? (float) Math.log(3) : 0);
    candidates.complete(0, NONE, NONE, SharedSid.TOWER);
    assertThat(candidates.generator(0)).isCloseTo((float) Math.log(0.45), CLOSE);
    assertThat(candidates.generator(1)).isCloseTo((float) Math.log(0.15), CLOSE);
  }

  @Test
  void isUsedAgainWithoutTraces() {
    Candidates used = new Candidates();
    for (long seed = 0; seed < 30; seed++) {
      Candidates fresh = new Candidates();
      fillRandomly(used, new SplittableRandom(seed));
      fillRandomly(fresh, new SplittableRandom(seed));
      assertThat(used.count()).as("seed %d", seed).isEqualTo(fresh.count());
      float[] left = new float[used.count()];
      float[] right = new float[used.count()];
      FinalOrder order =
          new FinalOrder(
              Scaling.NATS, Map.of(Part.RETRIEVER, 1.0, Part.TOWER, .5, Part.MEMORY, .5), .1);
      order.score(used, left);
      order.score(fresh, right);
      assertThat(left).as("seed %d", seed).containsExactly(right);
    }
  }

  /** Wherever the arrays have to grow: an item that comes last is there with its score. */
  @Test
  void growsForSidsHistoryAndNeighbours() {
    for (int sids : new int[] {0, 1023, 1024, 2047}) {
      for (boolean neighbours : new boolean[] {false, true}) {
        Candidates candidates = new Candidates();
        for (int sid = 0; sid < sids; sid++) {
          candidates.addSid(new int[] {sid}, 0, 1, -1);
        }
        for (int item = sids; item < 3_000; item++) {
          float copied = (float) Math.log(0.1 + item % 3);
          if (neighbours) {
            candidates.addNeighbour(item, copied);
          } else {
            candidates.addHistory(item, copied);
          }
        }
        float quarter = (float) Math.log(0.25);
        candidates.complete((float) Math.log(0.5), quarter, quarter, SharedSid.EQUAL);
        double generated = 0.5 * Math.exp(sids == 0 ? -1 : -2);
        for (int item = sids; item < 3_000; item++) {
          double probability = generated + 0.25 * (0.1 + item % 3);
          assertProbability(candidates, item, item, probability, !neighbours);
        }
      }
    }
  }

  private static void fillRandomly(Candidates candidates, SplittableRandom random) {
    candidates.clear();
    int beams = random.nextInt(1500);
    for (int beam = 0; beam < beams; beam++) {
      candidates.addSid(new int[] {beam}, 0, 1, -beam);
    }
    for (int i = 0; i < 300; i++) {
      candidates.addHistory(random.nextInt(3000), -(float) random.nextDouble(5));
      candidates.addNeighbour(random.nextInt(3000), -(float) random.nextDouble(5));
    }
    if (random.nextBoolean()) {
      candidates.fill(Part.MEMORY, item -> item % 7);
    }
    candidates.complete(-1, -1, NONE, SharedSid.EQUAL);
  }

  @Test
  void refusesWhatCannotBeOrdered() {
    Candidates candidates = new Candidates();
    candidates.clear();
    candidates.addSid(new int[] {1}, 0, 1, -1);
    assertThatThrownBy(() -> candidates.addSid(new int[] {1}, 0, 1, -2))
        .hasMessageContaining("item 1 is on two SIDs");
    assertThatThrownBy(() -> candidates.fill(Part.TOWER, item -> Float.NaN))
        .hasMessageContaining("tower score of NaN");
    assertThatThrownBy(() -> candidates.part(Part.TOWER, 0)).hasMessageContaining("complete()");
    candidates.addHistory(2, 0);
    assertThatThrownBy(() -> candidates.addSid(new int[] {3}, 0, 1, -2))
        .hasMessageContaining("before history");
    assertThatThrownBy(() -> candidates.complete(NONE, NONE, NONE, SharedSid.EQUAL))
        .hasMessageContaining("expected finite");
  }

  @Test
  void theOrderWeighsScaledParts() {
    Candidates candidates = new Candidates();
    candidates.clear();
    candidates.addSid(new int[] {0}, 0, 1, -1);
    candidates.addSid(new int[] {1}, 0, 1, -2);
    candidates.addSid(new int[] {2}, 0, 1, -3);
    candidates.addHistory(2, NONE);
    candidates.fill(Part.MEMORY, item -> item == 1 ? 6 : 0);
    candidates.complete(0, NONE, NONE, SharedSid.EQUAL);
    float[] scores = new float[3];
    new FinalOrder(Scaling.STANDARD, Map.of(Part.RETRIEVER, 1.0, Part.MEMORY, 2.0), 0.25)
        .score(candidates, scores);
    float unit = (float) Math.sqrt(1.5);
    float low = (float) (-1 / Math.sqrt(2));
    assertThat(scores[0]).isCloseTo(unit + 2 * low + 0.25f, CLOSE);
    assertThat(scores[1]).isCloseTo(2 * (float) Math.sqrt(2) + 0.25f, CLOSE);
    assertThat(scores[2]).isCloseTo(-unit + 2 * low, CLOSE);
  }

  @Test
  void theBestAreThoseOfASort() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 50; round++) {
      Candidates candidates = new Candidates();
      int count = random.nextInt(40);
      for (int i = 0; i < count; i++) {
        candidates.addNeighbour(random.nextInt(1000), -1);
      }
      float[] scores = new float[candidates.count()];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = random.nextInt(-3, 4) * (random.nextBoolean() ? 1e-20f : 10);
      }
      List<Integer> expected =
          IntStream.range(0, scores.length)
              .boxed()
              .sorted(
                  Comparator.<Integer>comparingDouble(i -> -scores[i])
                      .thenComparingInt(candidates::item))
              .limit(7)
              .toList();
      assertThat(candidates.best(scores, 7))
          .as("seed %d", seed)
          .containsExactly(expected.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  @Test
  void itSaysWhatBroughtACandidate() {
    Candidates candidates = new Candidates();
    candidates.addSid(new int[] {7}, 0, 1, -1);
    candidates.addHistory(8, Float.NEGATIVE_INFINITY);
    candidates.addNeighbour(7, -2);
    candidates.addNeighbour(9, -3);
    assertThat(candidates.isNeighbour(0)).isTrue();
    assertThat(candidates.isNeighbour(1)).isFalse();
    assertThat(candidates.isNeighbour(2)).isTrue();
    assertThat(candidates.beamCount()).isEqualTo(1);
  }
}
