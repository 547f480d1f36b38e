package org.onemall.orchestrator.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While this is open, whoever stops the process (Ctrl-C, a shutdown of the machine) is told that
 * nothing is lost.
 */
final class Interruption implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Interruption.class);

  private final Thread hook;

  Interruption() {
    hook =
        Thread.ofPlatform()
            .name("interruption")
            .unstarted(
                () -> LOG.warn("interrupted; the same command goes on where this one stopped"));
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether the JVM is stopping: what fails now fails because of that. */
  static boolean isStopping() {
    Thread probe = Thread.ofPlatform().unstarted(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @Override
  public void close() {
    if (!isStopping()) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
