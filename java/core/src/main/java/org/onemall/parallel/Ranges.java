package org.onemall.parallel;

import java.util.stream.IntStream;

/**
 * Splits a range into one contiguous part a thread. What a part does must not depend on where it
 * begins, so that results are the same for any number of threads.
 */
public final class Ranges {
  private Ranges() {}

  /** A part of a range: {@code [from, to)}. */
  @FunctionalInterface
  public interface Part {
    void run(int from, int to);
  }

  /** Runs {@code part} over {@code [0, size)}; part borders are multiples of {@code grain}. */
  public static void split(int threads, int size, int grain, Part part) {
    int grains = Math.ceilDiv(size, grain);
    int parts = Math.clamp(threads, 1, Math.max(1, grains));
    IntStream all = IntStream.range(0, parts);
    (parts == 1 ? all : all.parallel())
        .forEach(i -> {
          int from = (int) ((long) grains * i / parts) * grain;
          int to = (int) Math.min(size, ((long) grains * (i + 1) / parts) * grain);
          part.run(from, to);
        });
  }
}
