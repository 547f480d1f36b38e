package org.onemall.bridge;

/**
 * One thing that was looked at.
 *
 * @param name of the thing
 * @param ok whether all is well with it
 * @param found what is there
 * @param fix what to do about it; empty when all is well
 */
public record Finding(String name, boolean ok, String found, String fix) {
  static Finding good(String name, String found) {
    return new Finding(name, true, found, "");
  }

  /** A finding whose fix counts only if it is not {@code ok}. */
  static Finding of(String name, boolean ok, String found, String fix) {
    return new Finding(name, ok, found, ok ? "" : fix);
  }
}
