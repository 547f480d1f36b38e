package org.onemall.architecture.planted;

import org.onemall.architecture.planted.inner.Behind;

/** Planted: uses what lies in a package of its own package. */
public final class Door {
  Behind behind = new Behind();
}
