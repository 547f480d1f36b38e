package org.onemall.mall;

/** The pictures of a world, drawn on demand. */
public final class Pictures {
  static final int FRAMES = 6;

  private Pictures() {}

  static String ofProduct(int item) {
    return "pictures/product/" + item + ".jpg";
  }

  /** {@code frame} is 1 .. {@value #FRAMES}. */
  static String ofVideo(int item, int frame) {
    return "pictures/video/" + item + "/" + frame + ".jpg";
  }
}
