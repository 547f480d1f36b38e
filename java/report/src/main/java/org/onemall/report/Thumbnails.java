package org.onemall.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;
import org.onemall.model.PictureSource;

/**
 * Small pictures that lie inside the page: {@value #SIDE} pixels, about 2 kB each. What can't be
 * read or is too large to decode has none; the page shows a letter instead.
 */
final class Thumbnails {
  static final int SIDE = 72;
  private static final float QUALITY = .7f;
  private static final long MOST_PIXELS = 50_000_000;

  private final PictureSource pictures;

  Thumbnails(PictureSource pictures) {
    this.pictures = pictures;
  }

  /** {@code data:image/jpeg;base64,...}, or null. */
  @Nullable String dataUri(String path) {
    try {
      byte[] bytes = pictures.read(path);
      BufferedImage whole = bytes == null ? null : decode(bytes);
      return whole == null
          ? null
          : "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg(square(whole)));
    } catch (IOException | RuntimeException e) {
      // Readers of broken files throw what they like; how many are broken stands in the funnel.
      return null;
    }
  }

  /** Every so many pixels of a large picture; null for what no reader knows. */
  private static @Nullable BufferedImage decode(byte[] bytes) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        return null;
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if ((long) width * height > MOST_PIXELS) {
          return null;
        }
        ImageReadParam parameters = reader.getDefaultReadParam();
        int step = Math.max(1, Math.min(width, height) / (2 * SIDE));
        parameters.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, parameters);
      } finally {
        reader.dispose();
      }
    }
  }

  /** The middle of it. */
  private static BufferedImage square(BufferedImage whole) {
    int side = Math.min(whole.getWidth(), whole.getHeight());
    int left = (whole.getWidth() - side) / 2;
    int top = (whole.getHeight() - side) / 2;
    BufferedImage small = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(whole, 0, 0, SIDE, SIDE, left, top, left + side, top + side, null);
    graphics.dispose();
    return small;
  }

  private static byte[] jpeg(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
