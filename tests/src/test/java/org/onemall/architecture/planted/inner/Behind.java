package org.onemall.architecture.planted.inner;

import org.onemall.architecture.planted.Door;

/** Planted: uses its way in, a ring through the package that it lies in. */
public final class Behind {
  Class<?> wayIn = Door.class;
}
