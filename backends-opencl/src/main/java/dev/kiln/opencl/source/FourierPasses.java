package dev.kiln.opencl.source;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The passes of a transform of {@code n} complex numbers, a power of 2, from one pair of arrays to
 * another, as {@link dev.kiln.kernel.Fourier} defines them.
 *
 * <p>{@code kiln_four} and {@code kiln_two} are a pass each; {@code kiln_sixteen} and {@code
 * kiln_eight} are two passes one after another, between which nothing goes through memory. A unit
 * is what takes so many numbers and makes as many; {@code run} units next to each other have the
 * same roots, and numbers next to each other. Values have names, so that no compiler need unroll
 * anything.
 */
final class FourierPasses {
  static final String TEXT =
      text("kiln_two", 2, 1)
          + text("kiln_four", 4, 1)
          + text("kiln_eight", 4, 2)
          + text("kiln_sixteen", 4, 4);

  private static final String HEAD =
      """

      kernel void $name(
          const long units,
          const long share,
          const long n,
          const long run,
          global const double *restrict roots,
          global const double *restrict xr,
          global const double *restrict xi,
          global double *restrict yr,
          global double *restrict yi) {
        const INDEX points = n / $radix;
        const INDEX width = run;
        INDEX unit = get_global_id(0) * share;
        const INDEX last = min(unit + share, units);
        while (unit < last) {
          const INDEX row = unit / points;
          const INDEX point = unit - row * points;
          const INDEX turn = point / width;
          const INDEX place = point - turn * width;
          const INDEX count = min(width - place, last - unit);
          const INDEX from = row * (INDEX) n + point;
          const INDEX to = row * (INDEX) n + turn * width * $radix + place;
      """;

  private final Lines lines = new Lines();
  private final int first;
  private final int second;

  private FourierPasses(int first, int second) {
    this.first = first;
    this.second = second;
  }

  /**
   * A function.
   *
   * @param first parts of its first pass
   * @param second parts of its second; 1 for none
   */
  private static String text(String name, int first, int second) {
    String head = HEAD.replace("$name", name).replace("$radix", Integer.toString(first * second));
    return head + new FourierPasses(first, second).body().indent(4) + "  }\n}\n";
  }

  private String body() {
    if (first == 4) {
      for (int p = 0; p < second; p++) {
        roots("u" + p, "(turn * width + " + p + " * points)");
      }
    }
    if (second == 4) {
      roots("v", "4 * turn * width");
    }
    lines.open("for (INDEX i = 0; i < count; i++)");
    List<List<String>> between = new ArrayList<>();
    for (int p = 0; p < second; p++) {
      List<String> x = names("x" + p, first);
      for (int q = 0; q < first; q++) {
        load(x.get(q), "from + i + " + (q * second + p) + " * points");
      }
      between.add(butterfly(x, "y" + p, "u" + p));
    }
    for (int r = 0; r < first; r++) {
      int result = r;
      List<String> taken = between.stream().map(y -> y.get(result)).toList();
      List<String> made = second == 1 ? taken : butterfly(taken, "z" + r, "v");
      for (int s = 0; s < second; s++) {
        store(made.get(s), "to + i + " + (r + s * first) + " * width");
      }
    }
    lines.close();
    lines.add("unit += count;");
    return lines.toString();
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(k -> prefix + (char) ('a' + k)).toList();
  }

  /** The roots that a butterfly of four multiplies by. */
  private void roots(String prefix, String first) {
    for (int r = 1; r < 4; r++) {
      lines.add(
          "const double2 " + prefix + r + " = kiln_root(roots, n, " + r + " * " + first + ");");
    }
  }

  private void load(String name, String at) {
    set(name, "xr[" + at + "]", "xi[" + at + "]");
  }

  private void store(String name, String at) {
    lines.add("yr[" + at + "] = " + name + "r;");
    lines.add("yi[" + at + "] = " + name + "i;");
  }

  /** Declares a complex number. */
  private void set(String name, String re, String im) {
    lines.add("const double " + name + "r = " + re + ";");
    lines.add("const double " + name + "i = " + im + ";");
  }

  /** Declares the results of a butterfly, of two or four. */
  private List<String> butterfly(List<String> x, String prefix, String root) {
    List<String> y = names(prefix, x.size());
    if (x.size() == 2) {
      sum(y.get(0), x.get(0), "+", x.get(1));
      sum(y.get(1), x.get(0), "-", x.get(1));
      return y;
    }
    String ac = prefix + "_ac";
    String am = prefix + "_am";
    String bd = prefix + "_bd";
    String bm = prefix + "_bm";
    sum(ac, x.get(0), "+", x.get(2));
    sum(am, x.get(0), "-", x.get(2));
    sum(bd, x.get(1), "+", x.get(3));
    sum(bm, x.get(1), "-", x.get(3));
    sum(y.get(0), ac, "+", bd);
    set(prefix + "_1", am + "r + " + bm + "i", am + "i - " + bm + "r");
    sum(prefix + "_2", ac, "-", bd);
    set(prefix + "_3", am + "r - " + bm + "i", am + "i + " + bm + "r");
    for (int r = 1; r < 4; r++) {
      String c = root + r + ".x * " + prefix + "_" + r;
      String s = root + r + ".y * " + prefix + "_" + r;
      set(y.get(r), c + "r - " + s + "i", c + "i + " + s + "r");
    }
    return y;
  }

  private void sum(String name, String a, String operator, String b) {
    set(name, a + "r " + operator + " " + b + "r", a + "i " + operator + " " + b + "i");
  }
}
