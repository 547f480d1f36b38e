package org.onemall.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A dense, row-major, off-heap array in an Arrow buffer. It belongs to whoever allocated it and
 * lives until {@link #close}; what it is lent to (a model call, say) must not keep its address.
 * Elements start at zero. Indices are flat and checked.
 */
public final class Tensor implements AutoCloseable {
  private final DType type;
  private final long[] shape;
  private final long size;
  private final ArrowBuf buffer;
  private final MemorySegment segment;

  private Tensor(DType type, long[] shape, ArrowBuf buffer) {
    this.type = type;
    this.shape = shape;
    this.size = elements(shape);
    this.buffer = buffer;
    this.segment = view(buffer, size * type.bytes());
  }

  /** Allocates a zeroed tensor; a dimension may be 0. */
  public static Tensor allocate(BufferAllocator allocator, DType type, long... shape) {
    long bytes = Math.multiplyExact(elements(shape), type.bytes());
    Tensor tensor = new Tensor(type, shape.clone(), allocator.buffer(Math.max(1, bytes)));
    tensor.segment.fill((byte) 0);
    return tensor;
  }

  private static long elements(long[] shape) {
    long size = 1;
    for (long length : shape) {
      if (length < 0) {
        throw new IllegalArgumentException(
            "tensor: negative dimension in " + Arrays.toString(shape));
      }
      size = Math.multiplyExact(size, length);
    }
    return size;
  }

  @SuppressWarnings("restricted")
  private static MemorySegment view(ArrowBuf buffer, long bytes) {
    return MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(bytes);
  }

  public DType type() {
    return type;
  }

  /** A copy of the shape. */
  public long[] shape() {
    return shape.clone();
  }

  /** Length of one dimension; negative counts from the last. */
  public long dim(int axis) {
    return shape[axis < 0 ? axis + shape.length : axis];
  }

  /** Number of elements. */
  public long size() {
    return size;
  }

  /** Address of element 0; valid until {@link #close}. */
  public long address() {
    return buffer.memoryAddress();
  }

  /** The elements as native memory; valid until {@link #close}. */
  public MemorySegment segment() {
    return segment;
  }

  public float getFloat(long index) {
    return segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  public void setFloat(long index, float value) {
    segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
  }

  public int getInt(long index) {
    return segment.getAtIndex(ValueLayout.JAVA_INT, index);
  }

  public void setInt(long index, int value) {
    segment.setAtIndex(ValueLayout.JAVA_INT, index, value);
  }

  public long getLong(long index) {
    return segment.getAtIndex(ValueLayout.JAVA_LONG, index);
  }

  public void setLong(long index, long value) {
    segment.setAtIndex(ValueLayout.JAVA_LONG, index, value);
  }

  public byte getByte(long index) {
    return segment.get(ValueLayout.JAVA_BYTE, index);
  }

  public void setByte(long index, byte value) {
    segment.set(ValueLayout.JAVA_BYTE, index, value);
  }

  /** Sets every element of an INT32 tensor. */
  public Tensor fillInt(int value) {
    for (long i = 0; i < size; i++) {
      setInt(i, value);
    }
    return this;
  }

  /** Copies {@code values} in, starting at flat index {@code start}. */
  public Tensor copyFrom(float[] values, long start) {
    MemorySegment.copy(
        values, 0, segment, ValueLayout.JAVA_FLOAT, start * Float.BYTES, values.length);
    return this;
  }

  /** Copies {@code length} elements out, starting at flat index {@code start}. */
  public float[] toFloats(long start, int length) {
    float[] values = new float[length];
    MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT, start * Float.BYTES, values, 0, length);
    return values;
  }

  @Override
  public void close() {
    buffer.close();
  }

  @Override
  public String toString() {
    return type + Arrays.toString(shape);
  }
}
