package org.onemall.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void runsEachTaskOnceWhateverTheNumberOfThreads(int threads) {
    for (int count : new int[] {0, 1, 2, 7, 1_000}) {
      AtomicIntegerArray times = new AtomicIntegerArray(count);
      Parallel.each(threads, count, times::incrementAndGet);
      int[] expected = new int[count];
      Arrays.fill(expected, 1);
      int[] found = new int[count];
      Arrays.setAll(found, times::get);
      assertThat(found).as("%d threads", threads).isEqualTo(expected);
    }
  }

  /** Floating-point sums differ by order: each is made by one task, in its own order. */
  @Test
  void sumsAreTheSameBitsForAnyNumberOfThreads() {
    double[] values = new SplittableRandom(3).doubles(10_000).toArray();
    List<double[]> found = new ArrayList<>();
    for (int threads : new int[] {1, 2, 5, 16}) {
      double[] sums = new double[97];
      Parallel.each(
          threads,
          sums.length,
          i -> {
            for (int at = i; at < values.length; at += sums.length) {
              sums[i] += values[at];
            }
          });
      found.add(sums);
    }
    assertThat(found).allSatisfy(sums -> assertThat(sums).isEqualTo(found.getFirst()));
  }

  /** Each worker waits until all have a task: fewer threads than asked for would wait for ever. */
  @Test
  void asManyWorkAsWereAskedForAndTheCallerIsOne() throws InterruptedException {
    int threads = 3;
    CountDownLatch all = new CountDownLatch(threads);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    Set<Integer> workers = ConcurrentHashMap.newKeySet();
    Parallel.each(
        threads,
        300,
        (worker, i) -> {
          seen.add(Thread.currentThread());
          workers.add(worker);
          all.countDown();
          await(all);
        });
    assertThat(seen).hasSize(threads).contains(Thread.currentThread());
    assertThat(workers).containsExactlyInAnyOrder(0, 1, 2);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What belongs to a worker is never used by two tasks at a time. */
  @Test
  void aWorkerDoesOneTaskAtATime() {
    AtomicIntegerArray busy = new AtomicIntegerArray(4);
    AtomicInteger collisions = new AtomicInteger();
    Parallel.each(
        4,
        20_000,
        (worker, i) -> {
          collisions.addAndGet(busy.incrementAndGet(worker) - 1);
          busy.decrementAndGet(worker);
        });
    assertThat(collisions).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void rangesCoverEverythingOnceAndBeginAtMultiplesOfTheGrain(int threads) {
    for (int size : new int[] {0, 1, 63, 64, 65, 1_000}) {
      AtomicIntegerArray times = new AtomicIntegerArray(size);
      AtomicInteger parts = new AtomicInteger();
      Parallel.ranges(
          threads,
          size,
          64,
          (from, to) -> {
            parts.incrementAndGet();
            assertThat(from % 64).isZero();
            for (int i = from; i < to; i++) {
              times.incrementAndGet(i);
            }
          });
      for (int i = 0; i < size; i++) {
        assertThat(times.get(i)).as("%d of %d, %d threads", i, size, threads).isEqualTo(1);
      }
      assertThat(parts.get()).isLessThanOrEqualTo(threads);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anExceptionComesOutAsItIsOnceNobodyWorks(int threads) {
    AtomicInteger working = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    IllegalArgumentException mistake = new IllegalArgumentException("row 7");
    assertThatThrownBy(() ->
            Parallel.each(
                threads,
                1_000_000,
                i -> {
                  working.incrementAndGet();
                  try {
                    if (i == 7) {
                      throw mistake;
                    }
                    done.incrementAndGet();
                  } finally {
                    working.decrementAndGet();
                  }
                }))
        .isSameAs(mistake);
    assertThat(working).as("tasks under way").hasValue(0);
    assertThat(done.get()).as("the rest is not handed out").isLessThan(1_000_000 - 1);
  }

  @Test
  void refusesNoThreads() {
    assertThatThrownBy(() -> Parallel.each(0, 1, i -> {})).hasMessageContaining("found 0");
    assertThatThrownBy(() -> Parallel.ranges(-1, 1, 1, (from, to) -> {}))
        .hasMessageContaining("found -1");
  }
}
