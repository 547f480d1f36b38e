package org.onemall.evaluate;

/** A score of items for one request; higher is better. */
@FunctionalInterface
public interface ItemScore {
  float of(int item);
}
