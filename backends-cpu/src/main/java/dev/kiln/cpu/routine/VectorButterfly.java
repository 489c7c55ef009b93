package dev.kiln.cpu.routine;

import dev.kiln.kernel.Fourier.Parts;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Butterflies in vectors, each lane by the operations of the scalar code. Loaded only where the
 * Vector API is there.
 */
final class VectorButterfly implements Butterfly {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();

  /** Whether runs fit these vectors. */
  static boolean fits() {
    return LANES <= MOST_LANES;
  }

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void same(
      Parts x, Walk from, Parts y, Walk to, int turns, int count, Factors factors, int next) {
    double[] xr = x.re();
    double[] xi = x.im();
    double[] yr = y.re();
    double[] yi = y.im();
    double[] table = factors.table();
    int gap = factors.apart();
    int apart = from.apart();
    int beside = to.apart();
    for (int turn = 0; turn < turns; turn++) {
      int j = turn * next;
      DoubleVector re1 = DoubleVector.broadcast(S, table[j]);
      DoubleVector im1 = DoubleVector.broadcast(S, table[j + gap]);
      DoubleVector re2 = DoubleVector.broadcast(S, table[j + 2 * gap]);
      DoubleVector im2 = DoubleVector.broadcast(S, table[j + 3 * gap]);
      DoubleVector re3 = DoubleVector.broadcast(S, table[j + 4 * gap]);
      DoubleVector im3 = DoubleVector.broadcast(S, table[j + 5 * gap]);
      int in = from.at() + turn * from.step();
      int out = to.at() + turn * to.step();
      for (int k = 0; k < count; k += LANES) {
        int a = in + k;
        int b = a + apart;
        int c = b + apart;
        int d = c + apart;
        DoubleVector ar = DoubleVector.fromArray(S, xr, a);
        DoubleVector ai = DoubleVector.fromArray(S, xi, a);
        DoubleVector br = DoubleVector.fromArray(S, xr, b);
        DoubleVector bi = DoubleVector.fromArray(S, xi, b);
        DoubleVector cr = DoubleVector.fromArray(S, xr, c);
        DoubleVector ci = DoubleVector.fromArray(S, xi, c);
        DoubleVector dr = DoubleVector.fromArray(S, xr, d);
        DoubleVector di = DoubleVector.fromArray(S, xi, d);
        DoubleVector acr = ar.add(cr);
        DoubleVector aci = ai.add(ci);
        DoubleVector amr = ar.sub(cr);
        DoubleVector ami = ai.sub(ci);
        DoubleVector bdr = br.add(dr);
        DoubleVector bdi = bi.add(di);
        DoubleVector bmr = br.sub(dr);
        DoubleVector bmi = bi.sub(di);
        int o = out + k;
        acr.add(bdr).intoArray(yr, o);
        aci.add(bdi).intoArray(yi, o);
        o += beside;
        DoubleVector r1 = amr.add(bmi);
        DoubleVector i1 = ami.sub(bmr);
        re1.mul(r1).sub(im1.mul(i1)).intoArray(yr, o);
        re1.mul(i1).add(im1.mul(r1)).intoArray(yi, o);
        o += beside;
        DoubleVector r2 = acr.sub(bdr);
        DoubleVector i2 = aci.sub(bdi);
        re2.mul(r2).sub(im2.mul(i2)).intoArray(yr, o);
        re2.mul(i2).add(im2.mul(r2)).intoArray(yi, o);
        o += beside;
        DoubleVector r3 = amr.sub(bmi);
        DoubleVector i3 = ami.add(bmr);
        re3.mul(r3).sub(im3.mul(i3)).intoArray(yr, o);
        re3.mul(i3).add(im3.mul(r3)).intoArray(yi, o);
      }
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
    double[] xr = x.re();
    double[] xi = x.im();
    double[] yr = y.re();
    double[] yi = y.im();
    double[] table = factors.table();
    int gap = factors.apart();
    int apart = from.apart();
    int beside = to.apart();
    for (int turn = 0; turn < turns; turn++) {
      int in = from.at() + turn * from.step();
      int out = to.at() + turn * to.step();
      for (int k = 0; k < count; k += LANES) {
        int j = first + turn * next + k;
        DoubleVector re1 = DoubleVector.fromArray(S, table, j);
        DoubleVector im1 = DoubleVector.fromArray(S, table, j + gap);
        DoubleVector re2 = DoubleVector.fromArray(S, table, j + 2 * gap);
        DoubleVector im2 = DoubleVector.fromArray(S, table, j + 3 * gap);
        DoubleVector re3 = DoubleVector.fromArray(S, table, j + 4 * gap);
        DoubleVector im3 = DoubleVector.fromArray(S, table, j + 5 * gap);
        for (int run = 0; run < runs; run++) {
          int a = in + run * count + k;
          int b = a + apart;
          int c = b + apart;
          int d = c + apart;
          DoubleVector ar = DoubleVector.fromArray(S, xr, a);
          DoubleVector ai = DoubleVector.fromArray(S, xi, a);
          DoubleVector br = DoubleVector.fromArray(S, xr, b);
          DoubleVector bi = DoubleVector.fromArray(S, xi, b);
          DoubleVector cr = DoubleVector.fromArray(S, xr, c);
          DoubleVector ci = DoubleVector.fromArray(S, xi, c);
          DoubleVector dr = DoubleVector.fromArray(S, xr, d);
          DoubleVector di = DoubleVector.fromArray(S, xi, d);
          DoubleVector acr = ar.add(cr);
          DoubleVector aci = ai.add(ci);
          DoubleVector amr = ar.sub(cr);
          DoubleVector ami = ai.sub(ci);
          DoubleVector bdr = br.add(dr);
          DoubleVector bdi = bi.add(di);
          DoubleVector bmr = br.sub(dr);
          DoubleVector bmi = bi.sub(di);
          int o = out + run * count + k;
          acr.add(bdr).intoArray(yr, o);
          aci.add(bdi).intoArray(yi, o);
          o += beside;
          DoubleVector r1 = amr.add(bmi);
          DoubleVector i1 = ami.sub(bmr);
          re1.mul(r1).sub(im1.mul(i1)).intoArray(yr, o);
          re1.mul(i1).add(im1.mul(r1)).intoArray(yi, o);
          o += beside;
          DoubleVector r2 = acr.sub(bdr);
          DoubleVector i2 = aci.sub(bdi);
          re2.mul(r2).sub(im2.mul(i2)).intoArray(yr, o);
          re2.mul(i2).add(im2.mul(r2)).intoArray(yi, o);
          o += beside;
          DoubleVector r3 = amr.sub(bmi);
          DoubleVector i3 = ami.add(bmr);
          re3.mul(r3).sub(im3.mul(i3)).intoArray(yr, o);
          re3.mul(i3).add(im3.mul(r3)).intoArray(yi, o);
        }
      }
    }
  }

  @Override
  public void two(Parts x, Walk from, Parts y, Walk to, int turns, int count) {
    for (int turn = 0; turn < turns; turn++) {
      int in = from.at() + turn * from.step();
      int out = to.at() + turn * to.step();
      two(x.re(), in, from.apart(), y.re(), out, to.apart(), count);
      two(x.im(), in, from.apart(), y.im(), out, to.apart(), count);
    }
  }

  private static void two(double[] x, int a, int apart, double[] y, int o, int beside, int count) {
    for (int k = 0; k < count; k += LANES) {
      DoubleVector one = DoubleVector.fromArray(S, x, a + k);
      DoubleVector other = DoubleVector.fromArray(S, x, a + apart + k);
      one.add(other).intoArray(y, o + k);
      one.sub(other).intoArray(y, o + beside + k);
    }
  }
}
