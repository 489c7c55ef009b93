package dev.kiln.cli;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * An array as a picture.
 *
 * <p>A 2-d array is grey: its smallest finite number black, its largest white, NaN black; one
 * number everywhere is black. An array (height, width, 3 or 4) is red, green, blue and perhaps
 * opacity: from 0 to 255, or from 0 to 1 where floating-point numbers do not exceed 1.
 */
final class Picture {
  private static final int LARGEST = 10_000;

  private Picture() {}

  /**
   * Writes the picture as PNG; it appears whole or not at all.
   *
   * @param range of the elements
   * @throws KilnException where the array is no picture, or the file cannot be written
   */
  static void write(Path file, Elements elements, Range range) {
    BufferedImage image = of(elements, range);
    AtomicFile.write(
        file,
        channel -> {
          // Not closed: the channel is the caller's.
          OutputStream out = Channels.newOutputStream(channel);
          if (!ImageIO.write(image, "png", out)) {
            throw new IOException("this Java installation writes no PNG");
          }
          out.flush();
        });
  }

  private static BufferedImage of(Elements elements, Range range) {
    Shape shape = elements.shape();
    boolean grey = shape.rank() == 2;
    boolean colour = shape.rank() == 3 && (shape.extent(2) == 3 || shape.extent(2) == 4);
    if (!grey && !colour) {
      throw new KilnException(
          "an array of shape "
              + shape
              + " is no picture; expected (height, width), (height, width, 3) or (height, width,"
              + " 4): "
              + (shape.rank() == 1
                  ? "reshape it, or write it with -o"
                  : "index it, such as x[0], or reduce an axis"));
    }
    if (shape.size() == 0) {
      throw new KilnException(
          "an array of shape " + shape + " has no elements to show; choose a larger part");
    }
    long side = Math.max(shape.extent(0), shape.extent(1));
    if (side > LARGEST) {
      long step = Math.ceilDiv(side, LARGEST);
      throw new KilnException(
          "a picture of "
              + shape.extent(1)
              + " x "
              + shape.extent(0)
              + " pixels is larger than "
              + LARGEST
              + " a side; take every "
              + step
              + "th: (...)[::"
              + step
              + ", ::"
              + step
              + "]");
    }
    return grey ? grey(elements) : colour(elements, range);
  }

  private static BufferedImage grey(Elements elements) {
    int height = (int) elements.shape().extent(0);
    int width = (int) elements.shape().extent(1);
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    long size = elements.shape().size();
    for (long i = 0; i < size; i++) {
      double x = elements.real(i);
      if (Double.isFinite(x)) {
        min = Math.min(min, x);
        max = Math.max(max, x);
      }
    }
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        row[x] = stretched(elements.real((long) y * width + x), min, max);
      }
      image.getRaster().setPixels(0, y, width, 1, row);
    }
    return image;
  }

  private static int stretched(double value, double min, double max) {
    if (Double.isNaN(value) || value <= min) {
      return 0;
    }
    if (value >= max) {
      return 255;
    }
    // Halves, since the difference of two finite numbers may be infinite.
    double part = (value / 2 - min / 2) / (max / 2 - min / 2);
    return (int) Math.round(255 * part);
  }

  private static BufferedImage colour(Elements elements, Range range) {
    if (range.nans() > 0) {
      throw new KilnException(
          "a colour picture has " + range.nans() + " NaN; replace them: where(isnan(x), 0, x)");
    }
    double min = elements.real(range.min());
    double max = elements.real(range.max());
    if (min < 0 || max > 255) {
      throw new KilnException(
          "a colour picture takes numbers from 0 to 255 or from 0 to 1, found "
              + min
              + " to "
              + max
              + "; use clip(x, 0, 255)");
    }
    double scale =
        elements.dtype() == DType.BOOL || (elements.dtype().isFloat() && max <= 1) ? 255 : 1;
    int height = (int) elements.shape().extent(0);
    int width = (int) elements.shape().extent(1);
    int channels = (int) elements.shape().extent(2);
    BufferedImage image =
        new BufferedImage(
            width,
            height,
            channels == 4 ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width * channels];
    for (int y = 0; y < height; y++) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (int) Math.round(scale * elements.real((long) y * row.length + i));
      }
      image.getRaster().setPixels(0, y, width, 1, row);
    }
    return image;
  }
}
