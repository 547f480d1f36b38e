package org.onemall.mall.picture;

import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.onemall.mall.world.Dice;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.ItemIds;
import org.onemall.mall.world.Products;
import org.onemall.mall.world.Videos;
import org.onemall.mall.world.World;

/**
 * The pictures of a world, drawn on demand: 224 x 224 JPEG of quality 85. A picture shows the leaf
 * (as a silhouette), the colour and the pattern; never style, brand, material, quality or price. A
 * function of the world's parameters and the path; any number of threads may call at once.
 */
public final class MallPictures {
  public static final int FRAMES = 6;
  private static final float JPEG_QUALITY = 0.85f;
  private static final int PRODUCT = 1;
  private static final int FRAME = 2;
  private static final int CREATOR = 3;
  private static final Pattern PATH =
      Pattern.compile("pictures/(?:product/(\\d{1,9})|video/(\\d{1,9})/([1-6]))\\.jpg");

  private final World world;
  private final Silhouettes silhouettes = new Silhouettes();

  public MallPictures(World world) {
    this.world = world;
  }

  public static String ofProduct(int item) {
    return "pictures/product/" + item + ".jpg";
  }

  /** {@code frame} is 1 .. {@value #FRAMES}. */
  public static String ofVideo(int item, int frame) {
    return "pictures/video/" + item + "/" + frame + ".jpg";
  }

  /**
   * Draws a picture that {@code items.pictures} names.
   *
   * @throws IOException if the world has no such picture
   */
  public byte[] jpeg(String path) throws IOException {
    Matcher matcher = PATH.matcher(path);
    if (matcher.matches()) {
      boolean card = matcher.group(1) != null;
      int item = Integer.parseInt(card ? matcher.group(1) : matcher.group(2));
      if (item < world.ids.size()) {
        int number = world.ids.number(item);
        ItemIds.Kind kind = world.ids.kind(item);
        if (card && kind == ItemIds.Kind.PRODUCT) {
          return encode(product(number));
        }
        if (!card && kind == ItemIds.Kind.ECOM_VIDEO) {
          return encode(ecomFrame(number, Integer.parseInt(matcher.group(3))));
        }
        if (!card && kind == ItemIds.Kind.ENTERTAINMENT_VIDEO) {
          return encode(entertainmentFrame(number, Integer.parseInt(matcher.group(3))));
        }
      }
    }
    throw new IOException(
        "%s: expected pictures/product/<item>.jpg of a product or pictures/video/<item>/<1..%d>.jpg of a video of this mall"
            .formatted(path, FRAMES));
  }

  private static byte[] encode(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 14);
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(JPEG_QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private Dice dice(int kind, int row) {
    return world.draws.dice(DrawPurpose.PICTURE, kind, row);
  }

  private Painter.Thing thing(int leaf, int colour, int pattern, Dice dice) {
    return Painter.Thing.of(silhouettes.of(leaf), colour, pattern, dice);
  }

  private Painter.Thing thingOf(int product, Dice dice) {
    Products c = world.products;
    return thing(c.leaf[product], c.colour[product], c.pattern[product], dice);
  }

  /** Puts a thing of {@code size} (of the picture's side) around a middle, turned by degrees. */
  private static AffineTransform place(double x, double y, double size, double degrees) {
    AffineTransform place =
        AffineTransform.getTranslateInstance(x * Painter.SIDE, y * Painter.SIDE);
    place.rotate(StrictMath.toRadians(degrees));
    place.scale(size * Painter.SIDE, size * Painter.SIDE);
    return place;
  }

  private BufferedImage product(int product) {
    Dice dice = dice(PRODUCT, product);
    Painter.Thing thing = thingOf(product, dice);
    Painter painter = new Painter();
    double ground = dice.uniform();
    painter.ground(ground < 0.5, dice);
    if (ground > 0.75) {
      painter.discs(dice);
    }
    double size = dice.uniform(0.30, 0.42);
    AffineTransform place =
        place(0.5 + 0.03 * dice.normal(), 0.5 + 0.03 * dice.normal(), size, 8 * dice.normal());
    painter.thing(thing, place, 1);
    return painter.finish(dice);
  }

  /** The ground that all videos of a creator share. */
  private Painter scene(int video) {
    Dice creator = dice(CREATOR, world.videos.creator[video]);
    Painter painter = new Painter();
    painter.ground(false, creator);
    if (creator.chance(0.5)) {
      painter.discs(creator);
    } else {
      painter.floor(creator);
    }
    return painter;
  }

  private Dice creatorLook(int video) {
    return dice(CREATOR + 1, world.videos.creator[video]);
  }

  private static boolean isTalking(int frame, Dice dice) {
    return (frame == 1 || frame == FRAMES) && dice.chance(0.5);
  }

  private BufferedImage ecomFrame(int video, int frame) {
    Dice dice = dice(FRAME, video * FRAMES + frame - 1);
    Painter painter = scene(video);
    if (isTalking(frame, dice)) {
      painter.person(dice.uniform(0.35, 0.65), 0.75, creatorLook(video));
    } else {
      int product = world.videos.product[video];
      // The thing as on its card, so its first draws are the card's
      Painter.Thing thing = thingOf(product, dice(PRODUCT, product));
      double cropped = dice.uniform(0.6, 1);
      AffineTransform place =
          place(
              0.5 + 0.06 * dice.normal(),
              0.5 + 0.06 * dice.normal(),
              0.36 / cropped,
              15 * dice.normal());
      painter.thing(thing, place, dice.uniform(0.8, 1.2));
    }
    return painter.finish(dice);
  }

  private BufferedImage entertainmentFrame(int entertainmentVideo, int frame) {
    Videos v = world.videos;
    int video = v.ecom + entertainmentVideo;
    Dice dice = dice(FRAME, video * FRAMES + frame - 1);
    Painter painter = scene(video);
    double side = dice.chance(0.5) ? 0.3 : 0.7;
    if (isTalking(frame, dice)) {
      painter.person(dice.uniform(0.35, 0.65), 0.75, creatorLook(video));
    } else {
      painter.person(side, dice.uniform(0.5, 0.7), creatorLook(video));
      Painter.Thing thing =
          thing(
              v.topicLeaf[entertainmentVideo],
              v.topicColour[entertainmentVideo],
              v.topicPattern[entertainmentVideo],
              dice(FRAME + 10, entertainmentVideo));
      AffineTransform place =
          place(1 - side, dice.uniform(0.3, 0.8), dice.uniform(0.12, 0.2), 15 * dice.normal());
      painter.thing(thing, place, dice.uniform(0.8, 1.2));
    }
    return painter.finish(dice);
  }
}
