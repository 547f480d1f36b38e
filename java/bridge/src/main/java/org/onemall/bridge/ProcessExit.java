package org.onemall.bridge;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * libc's {@code _exit}: ends the process at once, without waiting for threads that are inside
 * native code and will not come back, and without destructors that such threads would meet.
 */
final class ProcessExit {
  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup libc = linker.defaultLookup();
  private final MemorySegment address = libc.findOrThrow("_exit");
  private final MethodHandle exit =
      handle(address, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));

  @SuppressWarnings("restricted")
  private MethodHandle handle(MemorySegment function, FunctionDescriptor type) {
    return linker.downcallHandle(function, type);
  }

  /** Does not return. */
  void now(int status) {
    try {
      exit.invokeExact(status);
    } catch (Throwable e) {
      throw new IllegalStateException("_exit returned", e);
    }
  }

  /**
   * When the process ends, its status stays what it is, but static destructors of native libraries
   * that were loaded before this call do not run: torch's would, beside its worker threads, which
   * are still there. To be called as late as possible. What native code has printed and not flushed
   * is lost. Where libc has no {@code on_exit} (it is glibc's), nothing changes.
   */
  void skipDestructors() {
    MemorySegment onExit = libc.find("on_exit").orElse(null);
    if (onExit == null) {
      return;
    }
    try {
      int refused =
          (int)
              handle(
                      onExit,
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                  .invokeExact(address, MemorySegment.NULL);
      if (refused != 0) {
        throw new IllegalStateException("on_exit: expected 0, found " + refused);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
