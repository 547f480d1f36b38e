package org.onemall.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Shares work out among at most {@code threads} threads, the caller's own being one of them, and
 * returns when all of it is done. Numbers are handed out one by one, to whoever is free; a result
 * that is written by number is therefore the same for any number of threads.
 *
 * <p>The first exception ends the handing out and comes out as it is, once nobody works any more.
 *
 * <p>Helpers are virtual threads of the call: starting one takes some 10 us (a platform thread: 200
 * to 350 us, two busy cores), so there is no pool to keep or to close, and unlike the common pool
 * they are never more than was asked for.
 */
public final class Parallel {
  private Parallel() {}

  /** One numbered task; {@code worker < threads} is who does it, and does one at a time. */
  @FunctionalInterface
  public interface Task {
    void run(int worker, int task);
  }

  /** A part of a range: {@code [from, to)}. */
  @FunctionalInterface
  public interface Part {
    void run(int from, int to);
  }

  /** Runs tasks {@code 0 .. count - 1}, each once, in no fixed order. */
  public static void each(int threads, int count, IntConsumer task) {
    each(threads, count, (worker, i) -> task.accept(i));
  }

  /** The same for tasks that need something of their worker's own, scratch memory say. */
  public static void each(int threads, int count, Task task) {
    requirePositive(threads);
    int workers = Math.clamp(count, 1, threads);
    Work work = new Work(count, task);
    List<Thread> helpers = new ArrayList<>();
    for (int worker = 1; worker < workers; worker++) {
      int number = worker;
      helpers.add(Thread.ofVirtual().name("parallel-" + worker).start(() -> work.run(number)));
    }
    work.run(0);
    work.await(helpers);
  }

  /**
   * Runs {@code part} over {@code [0, size)}, cut into one contiguous part a thread at multiples of
   * {@code grain}. What a part does must not depend on where it begins.
   */
  public static void ranges(int threads, int size, int grain, Part part) {
    requirePositive(threads);
    int grains = Math.ceilDiv(size, grain);
    int parts = Math.clamp(grains, 1, threads);
    each(
        threads,
        parts,
        i -> {
          int from = (int) ((long) grains * i / parts) * grain;
          int to = (int) Math.min(size, ((long) grains * (i + 1) / parts) * grain);
          part.run(from, to);
        });
  }

  private static void requirePositive(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: expected 1 or more, found " + threads);
    }
  }

  /** What is left to do, and what went wrong. */
  private static final class Work {
    private final int count;
    private final Task task;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Work(int count, Task task) {
      this.count = count;
      this.task = task;
    }

    void run(int worker) {
      try {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
          task.run(worker, i);
        }
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }

    private void fail(Throwable e) {
      next.set(count);
      Throwable first = failure.compareAndExchange(null, e);
      if (first != null && !first.equals(e)) {
        first.addSuppressed(e);
      }
    }

    void await(List<Thread> helpers) {
      boolean interrupted = false;
      for (Thread helper : helpers) {
        while (helper.isAlive()) {
          try {
            helper.join();
          } catch (InterruptedException e) {
            interrupted = true;
            fail(new IllegalStateException("interrupted while sharing out work", e));
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      switch (failure.get()) {
        case null -> {}
        case Error e -> throw e;
        case RuntimeException e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }
}
