package org.onemall.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Replaces whole files: after a crash there is the old file or the new one, never a part of one.
 */
public final class DurableFile {
  private static final String ASIDE = ".part";

  private DurableFile() {}

  /** Fills one file. */
  @FunctionalInterface
  public interface Filler {
    void fill(Path file) throws IOException;
  }

  /** Has {@code filler} write a file aside, then puts it in {@code target}'s place. */
  public static void replace(Path target, Filler filler) throws IOException {
    replace(new Disk(), target, filler);
  }

  static void replace(Disk disk, Path target, Filler filler) throws IOException {
    Path aside = aside(target);
    try {
      filler.fill(aside);
      publish(disk, aside, target);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  static void replace(Disk disk, Path target, String text) throws IOException {
    replace(
        disk,
        target,
        file -> {
          try (var out = disk.open(file)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  static Path aside(Path target) {
    return target.resolveSibling(target.getFileName() + ASIDE);
  }

  /** Whether a name is that of a file which was not put in place. */
  static boolean isAside(String name) {
    return name.endsWith(ASIDE);
  }

  static void publish(Disk disk, Path aside, Path target) throws IOException {
    disk.sync(aside);
    disk.rename(aside, target);
    disk.syncFolder(folder(target));
  }

  /** Says which file, and how much space is left, which is the reason most of the time. */
  static IOException unwritable(Path target, IOException cause) {
    String free = "an unknown number of";
    try {
      free = "%,d".formatted(Files.getFileStore(folder(target)).getUsableSpace() >> 20);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return new IOException(
        "%s: can't be written: %s; its disk has %s MiB free. Nothing half-written counts: solve it and run the same command again"
            .formatted(target, reason(cause), free),
        cause);
  }

  /** File system exceptions leave half of what they know out of their messages. */
  private static String reason(IOException e) {
    return e instanceof FileSystemException f && f.getReason() == null
        ? e.getClass().getSimpleName().replace("Exception", "") + " " + f.getFile()
        : String.valueOf(e.getMessage());
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file : folder;
  }
}
