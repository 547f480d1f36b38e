package org.onemall.run;

import java.nio.file.Path;

/**
 * The files that a run has finished, for one of its scenarios: a stage's context is one, a {@link
 * FinishedRun} is another, so that what reads a run doesn't care who asks.
 */
@FunctionalInterface
public interface Artefacts {
  /**
   * The verified file of an artefact of the scenario at hand, or of all.
   *
   * @throws java.io.UncheckedIOException where it isn't there or isn't what was written
   */
  Path file(Artefact artefact);
}
