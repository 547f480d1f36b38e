package org.onemall.report;

import java.io.IOException;

/** Gives the bytes of a picture by the path that the catalogue has. */
@FunctionalInterface
public interface Pictures {
  /** The file's bytes, as JPEG, PNG or another format that Java reads. */
  byte[] read(String path) throws IOException;
}
