package org.onemall.bridge;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * libc's {@code _exit}: ends the process at once, without waiting for threads that are inside
 * native code and will not come back.
 */
final class ProcessExit {
  private final MethodHandle exit;

  @SuppressWarnings("restricted")
  ProcessExit() {
    Linker linker = Linker.nativeLinker();
    exit =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("_exit"),
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
  }

  /** Does not return. */
  void now(int status) {
    try {
      exit.invokeExact(status);
    } catch (Throwable e) {
      throw new IllegalStateException("_exit returned", e);
    }
  }
}
