package org.onemall.model;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the pictures of items come from. Reads may be made by several threads at once. */
@FunctionalInterface
public interface PictureSource {
  /**
   * The content of a picture's file.
   *
   * @param path as the items table has it, relative to the source
   * @return JPEG, PNG or another usual format; null where there is no such picture
   * @throws IOException that says why a picture that is there can't be had
   */
  byte @Nullable [] read(String path) throws IOException;
}
