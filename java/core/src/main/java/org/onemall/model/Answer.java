package org.onemall.model;

import java.util.Map;

/** The numbers that a network answers with. */
public final class Answer {
  private Answer() {}

  /**
   * One of them.
   *
   * @param call what was asked of which network, for the message
   * @throws IllegalStateException where it isn't among them
   */
  public static double figure(Map<String, Double> answer, String call, String name) {
    Double value = answer.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "%s: expected a figure '%s' in the answer, found %s; are the package onemall of the environment and this version of Java from one checkout?"
              .formatted(call, name, answer.keySet()));
    }
    return value;
  }
}
