package org.onemall.architecture.planted.room;

/** Planted: another package has a class of this name. */
final class Behind {
  private Behind() {}
}
