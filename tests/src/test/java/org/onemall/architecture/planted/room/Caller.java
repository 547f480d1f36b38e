package org.onemall.architecture.planted.room;

import org.onemall.architecture.planted.util.Grab;

/** Planted: the other half of a ring. */
public final class Caller {
  Grab grab = new Grab();
}
