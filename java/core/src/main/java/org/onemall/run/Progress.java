package org.onemall.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a long piece of work is, for a person who waits. Not for several threads at once. */
@FunctionalInterface
public interface Progress extends AutoCloseable {
  /** Reports {@code done} more steps. */
  void step(long done);

  @Override
  default void close() {}

  /**
   * A bar where stderr is a terminal, else one log line every ten seconds and one at the end.
   *
   * @param total number of steps; 0 or less where it isn't known
   */
  static Progress start(String what, long total) {
    Logger log = LoggerFactory.getLogger(Progress.class);
    return stderrIsTerminal()
        ? new ProgressOnTerminal(what, total)
        : new ProgressInLog(what, total, System::nanoTime, log::info);
  }

  /** Asks {@code /proc}, as Java has no question for stderr alone; where there is none: lines. */
  private static boolean stderrIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
