package org.onemall.run;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.Consumer;

/** Writes aside, hashes on the way, and puts the file in its place on close. */
final class ArtefactStream extends OutputStream {
  private static final int BUFFER = 1 << 16;

  private final Disk disk;
  private final Path target;
  private final Consumer<FileHash> whenPublished;
  private final MessageDigest digest = Sha256.digest();
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER];
  private int buffered;
  private long bytes;
  private boolean failed;
  private boolean closed;

  ArtefactStream(Disk disk, Path target, Consumer<FileHash> whenPublished) throws IOException {
    this.disk = disk;
    this.target = target;
    this.whenPublished = whenPublished;
    try {
      this.out = disk.open(DurableFile.aside(target));
    } catch (IOException e) {
      throw DurableFile.unwritable(target, e);
    }
  }

  @Override
  public void write(int b) throws IOException {
    if (buffered == BUFFER) {
      drain();
    }
    buffer[buffered++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    if (length > BUFFER - buffered) {
      drain();
    }
    if (length > BUFFER) {
      pass(source, offset, length);
    } else {
      System.arraycopy(source, offset, buffer, buffered, length);
      buffered += length;
    }
  }

  @Override
  public void flush() throws IOException {
    drain();
  }

  private void drain() throws IOException {
    pass(buffer, 0, buffered);
    buffered = 0;
  }

  private void pass(byte[] source, int offset, int length) throws IOException {
    try {
      out.write(source, offset, length);
    } catch (IOException e) {
      failed = true;
      throw DurableFile.unwritable(target, e);
    }
    digest.update(source, offset, length);
    bytes += length;
  }

  /** Publishes the file, unless a write failed. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (out) {
      if (!failed) {
        drain();
      }
    }
    if (!failed) {
      try {
        DurableFile.publish(disk, DurableFile.aside(target), target);
      } catch (IOException e) {
        throw DurableFile.unwritable(target, e);
      }
      whenPublished.accept(new FileHash(bytes, Sha256.hex(digest)));
    }
  }
}
