package org.onemall.codebook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is measured does what it should, on vectors small enough for a test. */
class CodebookBenchmarkTest {
  @Test
  void aFitStartsWhereItSaysAndIsBetterForItsIterations() {
    CodebookBenchmark benchmark = new CodebookBenchmark();
    benchmark.items = 600;
    benchmark.width = 8;
    benchmark.size = 16;
    benchmark.open();
    try {
      KMeans.Result start = benchmark.kMeansStart();
      KMeans.Result whole = benchmark.kMeans();
      assertThat(start.objectives()).hasSize(1);
      assertThat(whole.objectives().getFirst()).isEqualTo(start.objectives().getFirst());
      assertThat(whole.objectives().getLast()).isLessThan(start.objectives().getLast());
      assertThat(benchmark.nearestCodes()).hasSize(600).doesNotContain(-1, 16);
    } finally {
      benchmark.close();
    }
  }
}
