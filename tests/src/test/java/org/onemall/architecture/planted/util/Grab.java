package org.onemall.architecture.planted.util;

import java.nio.file.Path;
import org.onemall.architecture.planted.room.Caller;

/** Planted: an empty package name, half of a ring, randomness from nowhere, output to nowhere. */
public final class Grab {
  public Path uncalled() {
    System.out.println(Math.random());
    return Path.of(Caller.class.getName());
  }
}
