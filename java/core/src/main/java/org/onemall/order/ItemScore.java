package org.onemall.order;

/** A score of items for one request; higher is better. */
@FunctionalInterface
public interface ItemScore {
  float of(int item);
}
