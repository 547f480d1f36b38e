package org.onemall.run;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Dies at one step, in the middle of it where it writes, and stays dead. */
public final class FailingDisk extends Disk {
  private int stepsLeft;

  public FailingDisk(int steps) {
    this.stepsLeft = steps;
  }

  private void step() throws IOException {
    if (stepsLeft-- <= 0) {
      throw new IOException("No space left on device");
    }
  }

  @Override
  void createFolder(Path path) throws IOException {
    step();
    super.createFolder(path);
  }

  @Override
  OutputStream open(Path file) throws IOException {
    step();
    return new FilterOutputStream(super.open(file)) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        int half = stepsLeft <= 0 ? length / 2 : length;
        out.write(bytes, offset, half);
        step();
      }
    };
  }

  @Override
  void sync(Path file) throws IOException {
    step();
    super.sync(file);
  }

  @Override
  void rename(Path from, Path to) throws IOException {
    step();
    super.rename(from, to);
  }

  @Override
  void syncFolder(Path path) throws IOException {
    step();
    super.syncFolder(path);
  }

  @Override
  void delete(Path path) throws IOException {
    step();
    super.delete(path);
  }

  /** Checkpoints on this disk. */
  public CheckpointFolder checkpoints(Path folder) {
    return new CheckpointFolder(folder, this);
  }

  /** Writes a file as a model would. */
  public void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out = open(file)) {
      out.write(bytes);
    }
  }
}
