package org.onemall.orchestrator.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Standard error as the launcher hands it over: what the JVM says before any code of ours runs goes
 * through a filter there, since no flag stops its warning of the incubator module.
 */
final class Stderr {
  private static final int STDERR = 2;

  private Stderr() {}

  /**
   * Makes the file descriptor that {@code onemall.stderr} names the process's standard error, by
   * libc's {@code dup2}; without the property nothing changes.
   */
  @SuppressWarnings("restricted")
  static void restore() {
    Integer real = Integer.getInteger("onemall.stderr");
    if (real == null) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      int status = (int) dup2.invokeExact(real.intValue(), STDERR);
      if (status != STDERR) {
        throw new IllegalStateException(
            "-Donemall.stderr=%d: expected an open file descriptor, found none".formatted(real));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("dup2 can't be called", e);
    }
  }
}
