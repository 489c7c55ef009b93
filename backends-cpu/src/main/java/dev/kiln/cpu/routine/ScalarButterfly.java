package dev.kiln.cpu.routine;

import dev.kiln.kernel.Fourier.Parts;

/** Butterflies without vectors. */
final class ScalarButterfly implements Butterfly {
  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void same(
      Parts x, Walk from, Parts y, Walk to, int turns, int count, Factors factors, int next) {
    for (int turn = 0; turn < turns; turn++) {
      int a = from.at() + turn * from.step();
      int o = to.at() + turn * to.step();
      four(x, a, from.apart(), y, o, to.apart(), count, factors, turn * next, 0);
    }
  }

  @Override
  public void each(
      Parts x,
      Walk from,
      Parts y,
      Walk to,
      int turns,
      int runs,
      int count,
      Factors factors,
      int first,
      int next) {
    for (int turn = 0; turn < turns; turn++) {
      for (int run = 0; run < runs; run++) {
        int a = from.at() + turn * from.step() + run * count;
        int o = to.at() + turn * to.step() + run * count;
        four(x, a, from.apart(), y, o, to.apart(), count, factors, first + turn * next, 1);
      }
    }
  }

  /** Butterflies of a run, whose factors are so far apart. */
  private static void four(
      Parts x, int from, int apart, Parts y, int to, int m, int count, Factors f, int at, int by) {
    double[] xr = x.re();
    double[] xi = x.im();
    double[] yr = y.re();
    double[] yi = y.im();
    double[] table = f.table();
    int gap = f.apart();
    for (int k = 0; k < count; k++) {
      int a = from + k;
      int b = a + apart;
      int c = b + apart;
      int d = c + apart;
      double acr = xr[a] + xr[c];
      double aci = xi[a] + xi[c];
      double amr = xr[a] - xr[c];
      double ami = xi[a] - xi[c];
      double bdr = xr[b] + xr[d];
      double bdi = xi[b] + xi[d];
      double bmr = xr[b] - xr[d];
      double bmi = xi[b] - xi[d];
      int o = to + k;
      int j = at + k * by;
      yr[o] = acr + bdr;
      yi[o] = aci + bdi;
      double r1 = amr + bmi;
      double i1 = ami - bmr;
      yr[o + m] = table[j] * r1 - table[j + gap] * i1;
      yi[o + m] = table[j] * i1 + table[j + gap] * r1;
      double r2 = acr - bdr;
      double i2 = aci - bdi;
      yr[o + 2 * m] = table[j + 2 * gap] * r2 - table[j + 3 * gap] * i2;
      yi[o + 2 * m] = table[j + 2 * gap] * i2 + table[j + 3 * gap] * r2;
      double r3 = amr - bmi;
      double i3 = ami + bmr;
      yr[o + 3 * m] = table[j + 4 * gap] * r3 - table[j + 5 * gap] * i3;
      yi[o + 3 * m] = table[j + 4 * gap] * i3 + table[j + 5 * gap] * r3;
    }
  }

  @Override
  public void two(Parts x, Walk from, Parts y, Walk to, int turns, int count) {
    for (int turn = 0; turn < turns; turn++) {
      int a = from.at() + turn * from.step();
      int o = to.at() + turn * to.step();
      two(x.re(), a, from.apart(), y.re(), o, to.apart(), count);
      two(x.im(), a, from.apart(), y.im(), o, to.apart(), count);
    }
  }

  private static void two(double[] x, int a, int apart, double[] y, int o, int beside, int count) {
    for (int k = 0; k < count; k++) {
      double one = x[a + k];
      double other = x[a + apart + k];
      y[o + k] = one + other;
      y[o + beside + k] = one - other;
    }
  }
}
