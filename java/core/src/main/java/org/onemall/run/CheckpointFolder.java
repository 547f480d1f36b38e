package org.onemall.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files that change together, with one commit point: {@value #PROGRESS}. A file is written aside,
 * hashed, synced and renamed, but counts only from the next {@link #commit} on, which replaces
 * {@value #PROGRESS} by a rename and then drops what it does not name. A kill at any moment leaves
 * the commit before or the new one. New content needs a new name: the last commit may still name
 * the old one.
 */
public final class CheckpointFolder {
  private static final String PROGRESS = "progress.json";
  private static final String WEIGHTS = ".safetensors";

  private final Path path;
  private final Disk disk;

  /** A folder that need not exist yet. */
  public CheckpointFolder(Path path) {
    this(path, new Disk());
  }

  CheckpointFolder(Path path, Disk disk) {
    this.path = path;
    this.disk = disk;
  }

  /** Where a file of that name is. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /** What the last commit said; null where there was none. */
  public @Nullable String committed() throws IOException {
    Path progress = file(PROGRESS);
    return Files.exists(progress) ? Files.readString(progress) : null;
  }

  /**
   * Has {@code filler} write a file and puts it in place, not yet committed.
   *
   * @return its SHA-256
   */
  public String write(String name, DurableFile.Filler filler) throws IOException {
    disk.createFolder(path);
    String[] sha256 = new String[1];
    DurableFile.replace(
        disk,
        file(name),
        aside -> {
          filler.fill(aside);
          sha256[0] = Sha256.of(aside);
        });
    return sha256[0];
  }

  /** Whether a file is there as it was written. */
  public boolean isWhole(String name, String sha256) throws IOException {
    return Files.exists(file(name)) && Sha256.of(file(name)).equals(sha256);
  }

  /**
   * Makes {@code text} what counts, and drops files that it does not name.
   *
   * @param files that {@code text} names
   */
  public void commit(String text, Set<String> files) throws IOException {
    disk.createFolder(path);
    DurableFile.replace(disk, file(PROGRESS), text);
    dropAllBut(files);
  }

  /**
   * Drops what a kill left behind beside the last commit and the files that it names; what is no
   * checkpoint's stays.
   */
  public void dropAllBut(Set<String> files) throws IOException {
    try (Stream<Path> all = Files.list(path)) {
      for (Path file : all.toList()) {
        String name = file.getFileName().toString();
        if (isOfACheckpoint(name) && !files.contains(name)) {
          disk.delete(file);
        }
      }
    }
  }

  private static boolean isOfACheckpoint(String name) {
    return name.endsWith(WEIGHTS) || DurableFile.isAside(name);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
