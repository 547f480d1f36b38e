package org.onemall.architecture.planted.room;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.onemall.architecture.planted.util.Grab;

/** Planted: the other half of a ring, a stream on the common pool, a pool of its own. */
public final class Caller {
  Grab grab = new Grab();
  ExecutorService pool = Executors.newFixedThreadPool(2);
  int sum = IntStream.range(0, 9).parallel().sum();
}
