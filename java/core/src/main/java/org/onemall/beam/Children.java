package org.onemall.beam;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * Which codes may follow each beam, as lists side by side: at 4096 codes a level most prefixes have
 * few. Row b W + w holds those of beam w of request b, rising; J is all of them. Owns its tensors.
 *
 * @param offset int32 (B W + 1): row r's codes are those from {@code offset[r]} to {@code offset[r
 *     + 1]}
 * @param code int32 (J)
 */
public record Children(Tensor offset, Tensor code) implements AutoCloseable {
  /** Lists of so many rows and codes, to be filled. */
  static Children allocate(BufferAllocator allocator, long rows, long codes) {
    Tensor offset = Tensor.allocate(allocator, DType.INT32, rows + 1);
    try {
      return new Children(offset, Tensor.allocate(allocator, DType.INT32, codes));
    } catch (RuntimeException e) {
      offset.close();
      throw e;
    }
  }

  /** Fills a row; rows come in order. */
  void set(long row, int[] codes, int from, int to) {
    int start = offset.getInt(row);
    MemorySegment.copy(
        codes, from, code.segment(), ValueLayout.JAVA_INT, (long) start * Integer.BYTES, to - from);
    offset.setInt(row + 1, start + to - from);
  }

  /** Where a row begins among all codes. */
  int start(long row) {
    return offset.getInt(row);
  }

  @Override
  public void close() {
    offset.close();
    code.close();
  }
}
