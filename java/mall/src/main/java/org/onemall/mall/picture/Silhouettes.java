package org.onemall.mall.picture;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import org.onemall.mall.world.Dice;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.Taxonomy;

/**
 * One outline for each leaf, the same in every world: a superformula with up to three parts, in
 * object coordinates (largest radius of the body = 1).
 */
final class Silhouettes {
  private static final int FIRST_SEED = 7_000;
  private static final int POINTS = 90;

  private final Shape[] shapes = new Shape[Taxonomy.LEAVES];

  Silhouettes() {
    for (int leaf = 0; leaf < shapes.length; leaf++) {
      shapes[leaf] = draw(new Dice(FIRST_SEED + leaf));
    }
  }

  Shape of(int leaf) {
    return shapes[leaf];
  }

  private static Shape draw(Dice dice) {
    Area area = new Area(body(dice));
    int parts = dice.index(4);
    for (int i = 0; i < parts; i++) {
      double angle = dice.uniform(0, 2 * Math.PI);
      double size = dice.uniform(0.25, 0.5);
      Area part = part(dice.index(3), size);
      part.transform(
          AffineTransform.getTranslateInstance(
              0.8 * StrictMath.cos(angle), 0.8 * StrictMath.sin(angle)));
      area.add(part);
    }
    return new Path2D.Double(area);
  }

  private static Area part(int kind, double size) {
    double half = size / 2;
    return switch (kind) {
      case 0 -> new Area(new Ellipse2D.Double(-half, -half, size, size));
      case 1 -> new Area(new Rectangle2D.Double(-half / 2, -half, half, size));
      default -> {
        Area ring = new Area(new Ellipse2D.Double(-half, -half, size, size));
        double hole = 0.6 * size;
        ring.subtract(new Area(new Ellipse2D.Double(-hole / 2, -hole / 2, hole, hole)));
        yield ring;
      }
    };
  }

  /** r(φ) = (|cos(mφ/4)|^n2 + |sin(mφ/4)|^n3 + 1e-6)^(-1/n1). */
  private static Shape body(Dice dice) {
    int m = 2 + dice.index(8);
    double n1 = dice.uniform(0.6, 4);
    double n2 = dice.uniform(0.8, 5);
    double n3 = dice.uniform(0.8, 5);
    double aspect = StrictMath.exp(0.45 * dice.normal() / 2);
    double[] x = new double[POINTS];
    double[] y = new double[POINTS];
    double largest = 0;
    for (int i = 0; i < POINTS; i++) {
      double phi = 2 * Math.PI * i / POINTS;
      double cosine = Math.abs(StrictMath.cos(m * phi / 4));
      double sine = Math.abs(StrictMath.sin(m * phi / 4));
      double sum = StrictMath.pow(cosine, n2) + StrictMath.pow(sine, n3) + 1e-6;
      double r = ReproducibleMath.clip(StrictMath.pow(sum, -1 / n1), 0.2, 2.2);
      x[i] = r * StrictMath.cos(phi) * aspect;
      y[i] = r * StrictMath.sin(phi) / aspect;
      largest = Math.max(largest, Math.hypot(x[i], y[i]));
    }
    Path2D path = new Path2D.Double();
    for (int i = 0; i < POINTS; i++) {
      if (i == 0) {
        path.moveTo(x[i] / largest, y[i] / largest);
      } else {
        path.lineTo(x[i] / largest, y[i] / largest);
      }
    }
    path.closePath();
    return path;
  }
}
