package org.onemall.tensor;

/**
 * Element types that cross the language boundary. {@link #code()} is the type string of numpy's
 * array interface.
 */
public enum DType {
  FLOAT32(4, "<f4"),
  INT32(4, "<i4"),
  INT64(8, "<i8"),
  UINT8(1, "|u1");

  private final int bytes;
  private final String code;

  DType(int bytes, String code) {
    this.bytes = bytes;
    this.code = code;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /** The type string of numpy's {@code __array_interface__}. */
  public String code() {
    return code;
  }
}
