package org.onemall.mall.picture;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import org.onemall.mall.world.AttributeWords;
import org.onemall.mall.world.Dice;
import org.onemall.mall.world.ReproducibleMath;

/** Paints one picture: backgrounds, people, and things with a colour and a pattern. */
public final class Painter {
  static final int SIDE = 224;
  private static final int[][] COLOURS = {
    {25, 25, 28},
    {242, 242, 240},
    {200, 30, 40},
    {40, 80, 190},
    {40, 140, 70},
    {240, 140, 180},
    {240, 210, 50},
    {140, 142, 145},
    {120, 75, 40},
    {120, 60, 160},
    {240, 130, 30},
    {215, 195, 160}
  };
  private static final Color SKIN = new Color(222, 184, 150);
  private static final int NOISE_BITS = 16;
  private static final byte[] NOISE = noise();

  private final BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
  private final Graphics2D graphics = smooth(image);

  private static byte[] noise() {
    byte[] noise = new byte[1 << NOISE_BITS];
    Dice dice = new Dice(NOISE_BITS);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) Math.rint(6 * dice.normal());
    }
    return noise;
  }

  private static Graphics2D smooth(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    return graphics;
  }

  /**
   * What a thing looks like, wherever it is painted.
   *
   * @param pattern as in {@link AttributeWords#PATTERNS}
   */
  record Thing(Shape shape, Color colour, Color second, int pattern) {
    /** A thing of a catalogue colour, with a tone of its own. */
    static Thing of(Shape shape, int colour, int pattern, Dice dice) {
      int[] tone = new int[3];
      int[] second = new int[3];
      double mean = 0;
      for (int c = 0; c < 3; c++) {
        tone[c] = (int) ReproducibleMath.clip(COLOURS[colour][c] + 18 * dice.normal(), 0, 255);
        mean += tone[c] / 3.0;
      }
      for (int c = 0; c < 3; c++) {
        double other = Math.abs(mean - 128) > 60 ? 255 - tone[c] : 0.45 * tone[c];
        second[c] = (int) (0.6 * other + 0.4 * tone[c]);
      }
      return new Thing(shape, color(tone), color(second), pattern);
    }
  }

  private static Color color(int[] rgb) {
    return new Color(rgb[0], rgb[1], rgb[2]);
  }

  private static int tone(Dice dice) {
    return 150 + dice.index(101);
  }

  /** A plain ground of a random light colour, or white. */
  void ground(boolean white, Dice dice) {
    graphics.setColor(white ? Color.WHITE : new Color(tone(dice), tone(dice), tone(dice)));
    graphics.fillRect(0, 0, SIDE, SIDE);
  }

  /** Twelve discs, each a little lighter or darker than the ground. */
  void discs(Dice dice) {
    Color ground = new Color(image.getRGB(0, 0));
    for (int i = 0; i < 12; i++) {
      int shift = dice.index(71) - 35;
      graphics.setColor(
          new Color(
              Math.clamp(ground.getRed() + shift, 0, 255),
              Math.clamp(ground.getGreen() + shift, 0, 255),
              Math.clamp(ground.getBlue() + shift, 0, 255)));
      double r = dice.uniform(0.04, 0.16) * SIDE;
      double x = dice.uniform(0, SIDE);
      double y = dice.uniform(0, SIDE);
      graphics.fill(new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r));
    }
  }

  /** A floor below the horizon. */
  void floor(Dice dice) {
    double horizon = dice.uniform(0.55, 0.75) * SIDE;
    graphics.setColor(new Color(tone(dice) - 60, tone(dice) - 60, tone(dice) - 60));
    graphics.fill(new Rectangle2D.Double(0, horizon, SIDE, SIDE - horizon));
  }

  /** Somebody who talks, with the middle at {@code x} and {@code size} of the picture high. */
  void person(double x, double size, Dice dice) {
    double head = 0.3 * size * SIDE;
    double middle = x * SIDE;
    double top = (1 - size) * SIDE;
    graphics.setColor(new Color(dice.index(200), dice.index(200), dice.index(200)));
    graphics.fill(
        new Ellipse2D.Double(middle - 1.1 * head, top + 1.05 * head, 2.2 * head, 3 * head));
    graphics.setColor(SKIN);
    graphics.fill(new Ellipse2D.Double(middle - head / 2, top, head, 1.25 * head));
  }

  /** A thing, placed from object coordinates, lighter or darker by a factor. */
  void thing(Thing thing, AffineTransform place, double brightness) {
    BufferedImage layer = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB_PRE);
    Graphics2D on = smooth(layer);
    on.transform(place);
    on.setColor(thing.colour);
    on.fill(thing.shape);
    on.setComposite(AlphaComposite.SrcAtop);
    on.setColor(thing.second);
    pattern(on, thing.pattern);
    on.setTransform(new AffineTransform());
    on.setPaint(new GradientPaint(0, 0, new Color(0, 0, 0, 0), SIDE, SIDE, new Color(0, 0, 0, 90)));
    on.fillRect(0, 0, SIDE, SIDE);
    if (brightness != 1) {
      int alpha = (int) Math.rint(Math.min(255, 255 * Math.abs(brightness - 1)));
      int to = brightness > 1 ? 255 : 0;
      on.setColor(new Color(to, to, to, alpha));
      on.fillRect(0, 0, SIDE, SIDE);
    }
    on.dispose();
    graphics.drawImage(layer, 0, 0, null);
  }

  private static void pattern(Graphics2D on, int pattern) {
    switch (pattern) {
      case 1 -> stripes(on, true);
      case 2 -> dots(on);
      case 3 -> {
        Color colour = on.getColor();
        on.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 150));
        stripes(on, true);
        stripes(on, false);
      }
      case 4 -> flowers(on);
      case 5 -> zigzag(on);
      default -> {}
    }
  }

  private static void stripes(Graphics2D on, boolean upright) {
    for (double at = -1.28; at < 1.3; at += 0.32) {
      on.fill(
          upright
              ? new Rectangle2D.Double(at, -1.4, 0.16, 2.8)
              : new Rectangle2D.Double(-1.4, at, 2.8, 0.16));
    }
  }

  private static void disc(Graphics2D on, double x, double y, double r) {
    on.fill(new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r));
  }

  private static void dots(Graphics2D on) {
    for (int row = -4; row <= 4; row++) {
      for (int column = -4; column <= 4; column++) {
        disc(on, 0.32 * column + (row & 1) * 0.16, 0.3 * row, 0.1);
      }
    }
  }

  private static void flowers(Graphics2D on) {
    for (int row = -2; row <= 2; row++) {
      for (int column = -3; column <= 3; column++) {
        double x = 0.5 * column + (row & 1) * 0.25;
        double y = 0.48 * row;
        for (int petal = 0; petal < 5; petal++) {
          double angle = 2 * Math.PI * petal / 5;
          disc(on, x + 0.11 * StrictMath.cos(angle), y + 0.11 * StrictMath.sin(angle), 0.075);
        }
      }
    }
  }

  private static void zigzag(Graphics2D on) {
    on.setStroke(new BasicStroke(0.09f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    for (int row = -4; row <= 4; row++) {
      Path2D line = new Path2D.Double();
      line.moveTo(-1.4, 0.32 * row);
      for (int i = 1; i <= 14; i++) {
        line.lineTo(-1.4 + 0.2 * i, 0.32 * row + (i & 1) * 0.18);
      }
      on.draw(line);
    }
  }

  /** Grain over the whole picture, then the picture. */
  BufferedImage finish(Dice dice) {
    graphics.dispose();
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    int mask = (1 << NOISE_BITS) - 1;
    int place = dice.index(1 << NOISE_BITS);
    int stride = 2 * dice.index(1 << (NOISE_BITS - 1)) + 1;
    for (int i = 0; i < pixels.length; i++) {
      int pixel = pixels[i];
      int red = (pixel >> 16 & 0xFF) + NOISE[place];
      int green = (pixel >> 8 & 0xFF) + NOISE[place + stride & mask];
      int blue = (pixel & 0xFF) + NOISE[place + 2 * stride & mask];
      place = place + 3 * stride & mask;
      pixels[i] =
          Math.clamp(red, 0, 255) << 16 | Math.clamp(green, 0, 255) << 8 | Math.clamp(blue, 0, 255);
    }
    return image;
  }
}
