package dev.kiln.opencl.source;

import dev.kiln.DType;

/**
 * Fourier transforms of real numbers, as {@link dev.kiln.kernel.RealFourier} defines them: in
 * float64, rounded at the end.
 *
 * <p>{@code kiln_read} makes complex numbers of an input, the functions of {@link FourierPasses}
 * transform them, and {@code kiln_write} makes results of what they leave. Lengths that are no
 * powers of 2 are transformed forth and back, with {@code kiln_convolve} between.
 *
 * <p>A unit is a complex number or a result; a work-item does a share of them. Tables are pairs of
 * numbers.
 */
public final class FourierText {
  private FourierText() {}

  /** The program for a dtype. */
  public static String of(DType dtype) {
    String nan = dtype.bytes() == 8 ? "as_double(0x7ff8000000000000UL)" : "as_float(0x7fc00000u)";
    String functions = PlaceText.FUNCTION + ROOT + READ + CONVOLVE + WRITE;
    return Renderer.program(
        functions.replace("$nan", nan).replace("$T", CType.value(dtype)) + FourierPasses.TEXT);
  }

  /**
   * The j-th root of unity of an order, clockwise. Where an eighth of the order is a whole number,
   * a table has the cosines and sines of the first eighth of a turn, and the others are mirror
   * images, as in their definition; otherwise it has the roots.
   */
  private static final String ROOT =
      """

      static double2 kiln_root(global const double *table, const INDEX order, const INDEX j) {
        if (order % 8 != 0) {
          return vload2(j, table);
        }
        const INDEX eighth = order / 8;
        const int axis = (j > eighth) + (j > 3 * eighth) + (j > 5 * eighth) + (j > 7 * eighth);
        const INDEX past = j - axis * 2 * eighth;
        const double2 root = vload2(past < 0 ? -past : past, table);
        const double c = root.x;
        const double s = past < 0 ? -root.y : root.y;
        switch (axis) {
          case 1:
            return (double2)(-s, -c);
          case 2:
            return (double2)(-c, s);
          case 3:
            return (double2)(s, c);
          default:
            return (double2)(c, -s);
        }
      }

      static double2 kiln_product(const double2 x, const double2 y) {
        return (double2)(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x);
      }
      """;

  private static final String READ =
      """

      kernel void kiln_read(
          const long units,
          const long share,
          const long n,
          const long count,
          const long pairs,
          const long chirped,
          global const double *restrict factors,
          global const $T *restrict x,
          const long offset,
          global const long *restrict axes,
          const long rank,
          const long step,
          global double *restrict re,
          global double *restrict im) {
        const INDEX first = get_global_id(0) * share;
        const INDEX last = min(first + share, units);
        for (INDEX unit = first; unit < last; unit++) {
          const INDEX row = unit / (INDEX) n;
          const INDEX k = unit - row * (INDEX) n;
          double2 z = 0;
          if (k < count) {
            global const $T *from = x + offset + kiln_place(row, axes, rank);
            z = pairs ? (double2)(from[2 * k * step], from[(2 * k + 1) * step])
                : (double2)(from[k * step], 0);
            if (chirped) {
              z = kiln_product(z, vload2(k, factors));
            }
          }
          re[unit] = z.x;
          im[unit] = z.y;
        }
      }
      """;

  private static final String CONVOLVE =
      """

      kernel void kiln_convolve(
          const long units,
          const long share,
          const long n,
          const long scale,
          global const double *restrict transformed,
          global double *restrict re,
          global double *restrict im) {
        const INDEX first = get_global_id(0) * share;
        const INDEX last = min(first + share, units);
        for (INDEX unit = first; unit < last; unit++) {
          const double2 z = kiln_product(
              (double2)(re[unit], im[unit]), vload2(unit % (INDEX) n, transformed));
          re[unit] = z.x * as_double(scale);
          im[unit] = z.y * as_double(scale);
        }
      }
      """;

  private static final String WRITE =
      """

      static double2 kiln_number(
          global const double *re,
          global const double *im,
          const INDEX row,
          const INDEX k,
          const long chirped,
          global const double *factors) {
        const double2 z = (double2)(re[row + k], im[row + k]);
        return chirped ? kiln_product(z, vload2(k, factors)) : z;
      }

      static $T kiln_result(const double x) {
        const $T result = ($T) x;
        return result != result ? $nan : result;
      }

      kernel void kiln_write(
          const long units,
          const long share,
          const long n,
          const long results,
          const long order,
          const long pairs,
          const long chirped,
          global const double *restrict roots,
          global const double *restrict factors,
          global const double *restrict re,
          global const double *restrict im,
          global $T *restrict out) {
        const INDEX first = get_global_id(0) * share;
        const INDEX last = min(first + share, units);
        for (INDEX unit = first; unit < last; unit++) {
          const INDEX row = unit / (INDEX) results;
          const INDEX k = unit - row * (INDEX) results;
          const INDEX middle = results - 1;
          const INDEX at = row * (INDEX) n;
          double2 z = kiln_number(re, im, at, pairs && k == middle ? 0 : k, chirped, factors);
          if (pairs) {
            const double2 mirror =
                kiln_number(re, im, at, k == 0 ? 0 : middle - k, chirped, factors);
            const double er = 0.5 * (z.x + mirror.x);
            const double ei = 0.5 * (z.y - mirror.y);
            const double dr = 0.5 * (z.x - mirror.x);
            const double di = 0.5 * (z.y + mirror.y);
            const double2 root = kiln_root(roots, order, k);
            z.x = er + (root.x * di + root.y * dr);
            z.y = ei + (root.y * di - root.x * dr);
          }
          out[2 * unit] = kiln_result(z.x);
          out[2 * unit + 1] = kiln_result(z.y);
        }
      }
      """;
}
