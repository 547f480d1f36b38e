package org.onemall.codebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RowsTest {
  /** Or k-means would give other codes on a machine with other vectors. */
  @Test
  void distancesHaveTheSameBitsInLanesAndOneByOne() {
    Random random = new Random(3);
    for (int width = 1; width < 70; width++) {
      float[] row = TestVectors.floats(random, width);
      float[] centroids = TestVectors.floats(random, 3 * width);
      for (int start = 0; start < centroids.length; start += width) {
        double expected = Rows.squaredDistanceOneByOne(row, centroids, start);
        assertThat(Rows.squaredDistanceInLanes(row, centroids, start))
            .as("width %d, start %d", width, start)
            .isEqualTo(expected);
        double sum = 0;
        for (int d = 0; d < width; d++) {
          sum += Math.pow(row[d] - (double) centroids[start + d], 2);
        }
        assertThat(expected).isCloseTo(sum, within(1e-12 * sum));
      }
    }
  }
}
