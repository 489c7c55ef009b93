#pragma OPENCL FP_CONTRACT OFF
#pragma OPENCL EXTENSION cl_khr_fp64 : enable

static long kiln_place(long number, global const long *axes, const long rank) {
  long place = 0;
  for (long axis = rank - 1; axis > 0; axis--) {
    const long rest = number / axes[2 * axis];
    place += (number - rest * axes[2 * axis]) * axes[2 * axis + 1];
    number = rest;
  }
  return place + number * axes[1];
}

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

kernel void kiln_read(
    const long units,
    const long share,
    const long n,
    const long count,
    const long pairs,
    const long chirped,
    global const double *restrict factors,
    global const float *restrict x,
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
      global const float *from = x + offset + kiln_place(row, axes, rank);
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

static float kiln_result(const double x) {
  const float result = (float) x;
  return result != result ? as_float(0x7fc00000u) : result;
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
    global float *restrict out) {
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

kernel void kiln_two(
    const long units,
    const long share,
    const long n,
    const long run,
    global const double *restrict roots,
    global const double *restrict xr,
    global const double *restrict xi,
    global double *restrict yr,
    global double *restrict yi) {
  const INDEX points = n / 2;
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
    const INDEX to = row * (INDEX) n + turn * width * 2 + place;
    for (INDEX i = 0; i < count; i++) {
      const double x0ar = xr[from + i + 0 * points];
      const double x0ai = xi[from + i + 0 * points];
      const double x0br = xr[from + i + 1 * points];
      const double x0bi = xi[from + i + 1 * points];
      const double y0ar = x0ar + x0br;
      const double y0ai = x0ai + x0bi;
      const double y0br = x0ar - x0br;
      const double y0bi = x0ai - x0bi;
      yr[to + i + 0 * width] = y0ar;
      yi[to + i + 0 * width] = y0ai;
      yr[to + i + 1 * width] = y0br;
      yi[to + i + 1 * width] = y0bi;
    }
    unit += count;
  }
}

kernel void kiln_four(
    const long units,
    const long share,
    const long n,
    const long run,
    global const double *restrict roots,
    global const double *restrict xr,
    global const double *restrict xi,
    global double *restrict yr,
    global double *restrict yi) {
  const INDEX points = n / 4;
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
    const INDEX to = row * (INDEX) n + turn * width * 4 + place;
    const double2 u01 = kiln_root(roots, n, 1 * (turn * width + 0 * points));
    const double2 u02 = kiln_root(roots, n, 2 * (turn * width + 0 * points));
    const double2 u03 = kiln_root(roots, n, 3 * (turn * width + 0 * points));
    for (INDEX i = 0; i < count; i++) {
      const double x0ar = xr[from + i + 0 * points];
      const double x0ai = xi[from + i + 0 * points];
      const double x0br = xr[from + i + 1 * points];
      const double x0bi = xi[from + i + 1 * points];
      const double x0cr = xr[from + i + 2 * points];
      const double x0ci = xi[from + i + 2 * points];
      const double x0dr = xr[from + i + 3 * points];
      const double x0di = xi[from + i + 3 * points];
      const double y0_acr = x0ar + x0cr;
      const double y0_aci = x0ai + x0ci;
      const double y0_amr = x0ar - x0cr;
      const double y0_ami = x0ai - x0ci;
      const double y0_bdr = x0br + x0dr;
      const double y0_bdi = x0bi + x0di;
      const double y0_bmr = x0br - x0dr;
      const double y0_bmi = x0bi - x0di;
      const double y0ar = y0_acr + y0_bdr;
      const double y0ai = y0_aci + y0_bdi;
      const double y0_1r = y0_amr + y0_bmi;
      const double y0_1i = y0_ami - y0_bmr;
      const double y0_2r = y0_acr - y0_bdr;
      const double y0_2i = y0_aci - y0_bdi;
      const double y0_3r = y0_amr - y0_bmi;
      const double y0_3i = y0_ami + y0_bmr;
      const double y0br = u01.x * y0_1r - u01.y * y0_1i;
      const double y0bi = u01.x * y0_1i + u01.y * y0_1r;
      const double y0cr = u02.x * y0_2r - u02.y * y0_2i;
      const double y0ci = u02.x * y0_2i + u02.y * y0_2r;
      const double y0dr = u03.x * y0_3r - u03.y * y0_3i;
      const double y0di = u03.x * y0_3i + u03.y * y0_3r;
      yr[to + i + 0 * width] = y0ar;
      yi[to + i + 0 * width] = y0ai;
      yr[to + i + 1 * width] = y0br;
      yi[to + i + 1 * width] = y0bi;
      yr[to + i + 2 * width] = y0cr;
      yi[to + i + 2 * width] = y0ci;
      yr[to + i + 3 * width] = y0dr;
      yi[to + i + 3 * width] = y0di;
    }
    unit += count;
  }
}

kernel void kiln_eight(
    const long units,
    const long share,
    const long n,
    const long run,
    global const double *restrict roots,
    global const double *restrict xr,
    global const double *restrict xi,
    global double *restrict yr,
    global double *restrict yi) {
  const INDEX points = n / 8;
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
    const INDEX to = row * (INDEX) n + turn * width * 8 + place;
    const double2 u01 = kiln_root(roots, n, 1 * (turn * width + 0 * points));
    const double2 u02 = kiln_root(roots, n, 2 * (turn * width + 0 * points));
    const double2 u03 = kiln_root(roots, n, 3 * (turn * width + 0 * points));
    const double2 u11 = kiln_root(roots, n, 1 * (turn * width + 1 * points));
    const double2 u12 = kiln_root(roots, n, 2 * (turn * width + 1 * points));
    const double2 u13 = kiln_root(roots, n, 3 * (turn * width + 1 * points));
    for (INDEX i = 0; i < count; i++) {
      const double x0ar = xr[from + i + 0 * points];
      const double x0ai = xi[from + i + 0 * points];
      const double x0br = xr[from + i + 2 * points];
      const double x0bi = xi[from + i + 2 * points];
      const double x0cr = xr[from + i + 4 * points];
      const double x0ci = xi[from + i + 4 * points];
      const double x0dr = xr[from + i + 6 * points];
      const double x0di = xi[from + i + 6 * points];
      const double y0_acr = x0ar + x0cr;
      const double y0_aci = x0ai + x0ci;
      const double y0_amr = x0ar - x0cr;
      const double y0_ami = x0ai - x0ci;
      const double y0_bdr = x0br + x0dr;
      const double y0_bdi = x0bi + x0di;
      const double y0_bmr = x0br - x0dr;
      const double y0_bmi = x0bi - x0di;
      const double y0ar = y0_acr + y0_bdr;
      const double y0ai = y0_aci + y0_bdi;
      const double y0_1r = y0_amr + y0_bmi;
      const double y0_1i = y0_ami - y0_bmr;
      const double y0_2r = y0_acr - y0_bdr;
      const double y0_2i = y0_aci - y0_bdi;
      const double y0_3r = y0_amr - y0_bmi;
      const double y0_3i = y0_ami + y0_bmr;
      const double y0br = u01.x * y0_1r - u01.y * y0_1i;
      const double y0bi = u01.x * y0_1i + u01.y * y0_1r;
      const double y0cr = u02.x * y0_2r - u02.y * y0_2i;
      const double y0ci = u02.x * y0_2i + u02.y * y0_2r;
      const double y0dr = u03.x * y0_3r - u03.y * y0_3i;
      const double y0di = u03.x * y0_3i + u03.y * y0_3r;
      const double x1ar = xr[from + i + 1 * points];
      const double x1ai = xi[from + i + 1 * points];
      const double x1br = xr[from + i + 3 * points];
      const double x1bi = xi[from + i + 3 * points];
      const double x1cr = xr[from + i + 5 * points];
      const double x1ci = xi[from + i + 5 * points];
      const double x1dr = xr[from + i + 7 * points];
      const double x1di = xi[from + i + 7 * points];
      const double y1_acr = x1ar + x1cr;
      const double y1_aci = x1ai + x1ci;
      const double y1_amr = x1ar - x1cr;
      const double y1_ami = x1ai - x1ci;
      const double y1_bdr = x1br + x1dr;
      const double y1_bdi = x1bi + x1di;
      const double y1_bmr = x1br - x1dr;
      const double y1_bmi = x1bi - x1di;
      const double y1ar = y1_acr + y1_bdr;
      const double y1ai = y1_aci + y1_bdi;
      const double y1_1r = y1_amr + y1_bmi;
      const double y1_1i = y1_ami - y1_bmr;
      const double y1_2r = y1_acr - y1_bdr;
      const double y1_2i = y1_aci - y1_bdi;
      const double y1_3r = y1_amr - y1_bmi;
      const double y1_3i = y1_ami + y1_bmr;
      const double y1br = u11.x * y1_1r - u11.y * y1_1i;
      const double y1bi = u11.x * y1_1i + u11.y * y1_1r;
      const double y1cr = u12.x * y1_2r - u12.y * y1_2i;
      const double y1ci = u12.x * y1_2i + u12.y * y1_2r;
      const double y1dr = u13.x * y1_3r - u13.y * y1_3i;
      const double y1di = u13.x * y1_3i + u13.y * y1_3r;
      const double z0ar = y0ar + y1ar;
      const double z0ai = y0ai + y1ai;
      const double z0br = y0ar - y1ar;
      const double z0bi = y0ai - y1ai;
      yr[to + i + 0 * width] = z0ar;
      yi[to + i + 0 * width] = z0ai;
      yr[to + i + 4 * width] = z0br;
      yi[to + i + 4 * width] = z0bi;
      const double z1ar = y0br + y1br;
      const double z1ai = y0bi + y1bi;
      const double z1br = y0br - y1br;
      const double z1bi = y0bi - y1bi;
      yr[to + i + 1 * width] = z1ar;
      yi[to + i + 1 * width] = z1ai;
      yr[to + i + 5 * width] = z1br;
      yi[to + i + 5 * width] = z1bi;
      const double z2ar = y0cr + y1cr;
      const double z2ai = y0ci + y1ci;
      const double z2br = y0cr - y1cr;
      const double z2bi = y0ci - y1ci;
      yr[to + i + 2 * width] = z2ar;
      yi[to + i + 2 * width] = z2ai;
      yr[to + i + 6 * width] = z2br;
      yi[to + i + 6 * width] = z2bi;
      const double z3ar = y0dr + y1dr;
      const double z3ai = y0di + y1di;
      const double z3br = y0dr - y1dr;
      const double z3bi = y0di - y1di;
      yr[to + i + 3 * width] = z3ar;
      yi[to + i + 3 * width] = z3ai;
      yr[to + i + 7 * width] = z3br;
      yi[to + i + 7 * width] = z3bi;
    }
    unit += count;
  }
}

kernel void kiln_sixteen(
    const long units,
    const long share,
    const long n,
    const long run,
    global const double *restrict roots,
    global const double *restrict xr,
    global const double *restrict xi,
    global double *restrict yr,
    global double *restrict yi) {
  const INDEX points = n / 16;
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
    const INDEX to = row * (INDEX) n + turn * width * 16 + place;
    const double2 u01 = kiln_root(roots, n, 1 * (turn * width + 0 * points));
    const double2 u02 = kiln_root(roots, n, 2 * (turn * width + 0 * points));
    const double2 u03 = kiln_root(roots, n, 3 * (turn * width + 0 * points));
    const double2 u11 = kiln_root(roots, n, 1 * (turn * width + 1 * points));
    const double2 u12 = kiln_root(roots, n, 2 * (turn * width + 1 * points));
    const double2 u13 = kiln_root(roots, n, 3 * (turn * width + 1 * points));
    const double2 u21 = kiln_root(roots, n, 1 * (turn * width + 2 * points));
    const double2 u22 = kiln_root(roots, n, 2 * (turn * width + 2 * points));
    const double2 u23 = kiln_root(roots, n, 3 * (turn * width + 2 * points));
    const double2 u31 = kiln_root(roots, n, 1 * (turn * width + 3 * points));
    const double2 u32 = kiln_root(roots, n, 2 * (turn * width + 3 * points));
    const double2 u33 = kiln_root(roots, n, 3 * (turn * width + 3 * points));
    const double2 v1 = kiln_root(roots, n, 1 * 4 * turn * width);
    const double2 v2 = kiln_root(roots, n, 2 * 4 * turn * width);
    const double2 v3 = kiln_root(roots, n, 3 * 4 * turn * width);
    for (INDEX i = 0; i < count; i++) {
      const double x0ar = xr[from + i + 0 * points];
      const double x0ai = xi[from + i + 0 * points];
      const double x0br = xr[from + i + 4 * points];
      const double x0bi = xi[from + i + 4 * points];
      const double x0cr = xr[from + i + 8 * points];
      const double x0ci = xi[from + i + 8 * points];
      const double x0dr = xr[from + i + 12 * points];
      const double x0di = xi[from + i + 12 * points];
      const double y0_acr = x0ar + x0cr;
      const double y0_aci = x0ai + x0ci;
      const double y0_amr = x0ar - x0cr;
      const double y0_ami = x0ai - x0ci;
      const double y0_bdr = x0br + x0dr;
      const double y0_bdi = x0bi + x0di;
      const double y0_bmr = x0br - x0dr;
      const double y0_bmi = x0bi - x0di;
      const double y0ar = y0_acr + y0_bdr;
      const double y0ai = y0_aci + y0_bdi;
      const double y0_1r = y0_amr + y0_bmi;
      const double y0_1i = y0_ami - y0_bmr;
      const double y0_2r = y0_acr - y0_bdr;
      const double y0_2i = y0_aci - y0_bdi;
      const double y0_3r = y0_amr - y0_bmi;
      const double y0_3i = y0_ami + y0_bmr;
      const double y0br = u01.x * y0_1r - u01.y * y0_1i;
      const double y0bi = u01.x * y0_1i + u01.y * y0_1r;
      const double y0cr = u02.x * y0_2r - u02.y * y0_2i;
      const double y0ci = u02.x * y0_2i + u02.y * y0_2r;
      const double y0dr = u03.x * y0_3r - u03.y * y0_3i;
      const double y0di = u03.x * y0_3i + u03.y * y0_3r;
      const double x1ar = xr[from + i + 1 * points];
      const double x1ai = xi[from + i + 1 * points];
      const double x1br = xr[from + i + 5 * points];
      const double x1bi = xi[from + i + 5 * points];
      const double x1cr = xr[from + i + 9 * points];
      const double x1ci = xi[from + i + 9 * points];
      const double x1dr = xr[from + i + 13 * points];
      const double x1di = xi[from + i + 13 * points];
      const double y1_acr = x1ar + x1cr;
      const double y1_aci = x1ai + x1ci;
      const double y1_amr = x1ar - x1cr;
      const double y1_ami = x1ai - x1ci;
      const double y1_bdr = x1br + x1dr;
      const double y1_bdi = x1bi + x1di;
      const double y1_bmr = x1br - x1dr;
      const double y1_bmi = x1bi - x1di;
      const double y1ar = y1_acr + y1_bdr;
      const double y1ai = y1_aci + y1_bdi;
      const double y1_1r = y1_amr + y1_bmi;
      const double y1_1i = y1_ami - y1_bmr;
      const double y1_2r = y1_acr - y1_bdr;
      const double y1_2i = y1_aci - y1_bdi;
      const double y1_3r = y1_amr - y1_bmi;
      const double y1_3i = y1_ami + y1_bmr;
      const double y1br = u11.x * y1_1r - u11.y * y1_1i;
      const double y1bi = u11.x * y1_1i + u11.y * y1_1r;
      const double y1cr = u12.x * y1_2r - u12.y * y1_2i;
      const double y1ci = u12.x * y1_2i + u12.y * y1_2r;
      const double y1dr = u13.x * y1_3r - u13.y * y1_3i;
      const double y1di = u13.x * y1_3i + u13.y * y1_3r;
      const double x2ar = xr[from + i + 2 * points];
      const double x2ai = xi[from + i + 2 * points];
      const double x2br = xr[from + i + 6 * points];
      const double x2bi = xi[from + i + 6 * points];
      const double x2cr = xr[from + i + 10 * points];
      const double x2ci = xi[from + i + 10 * points];
      const double x2dr = xr[from + i + 14 * points];
      const double x2di = xi[from + i + 14 * points];
      const double y2_acr = x2ar + x2cr;
      const double y2_aci = x2ai + x2ci;
      const double y2_amr = x2ar - x2cr;
      const double y2_ami = x2ai - x2ci;
      const double y2_bdr = x2br + x2dr;
      const double y2_bdi = x2bi + x2di;
      const double y2_bmr = x2br - x2dr;
      const double y2_bmi = x2bi - x2di;
      const double y2ar = y2_acr + y2_bdr;
      const double y2ai = y2_aci + y2_bdi;
      const double y2_1r = y2_amr + y2_bmi;
      const double y2_1i = y2_ami - y2_bmr;
      const double y2_2r = y2_acr - y2_bdr;
      const double y2_2i = y2_aci - y2_bdi;
      const double y2_3r = y2_amr - y2_bmi;
      const double y2_3i = y2_ami + y2_bmr;
      const double y2br = u21.x * y2_1r - u21.y * y2_1i;
      const double y2bi = u21.x * y2_1i + u21.y * y2_1r;
      const double y2cr = u22.x * y2_2r - u22.y * y2_2i;
      const double y2ci = u22.x * y2_2i + u22.y * y2_2r;
      const double y2dr = u23.x * y2_3r - u23.y * y2_3i;
      const double y2di = u23.x * y2_3i + u23.y * y2_3r;
      const double x3ar = xr[from + i + 3 * points];
      const double x3ai = xi[from + i + 3 * points];
      const double x3br = xr[from + i + 7 * points];
      const double x3bi = xi[from + i + 7 * points];
      const double x3cr = xr[from + i + 11 * points];
      const double x3ci = xi[from + i + 11 * points];
      const double x3dr = xr[from + i + 15 * points];
      const double x3di = xi[from + i + 15 * points];
      const double y3_acr = x3ar + x3cr;
      const double y3_aci = x3ai + x3ci;
      const double y3_amr = x3ar - x3cr;
      const double y3_ami = x3ai - x3ci;
      const double y3_bdr = x3br + x3dr;
      const double y3_bdi = x3bi + x3di;
      const double y3_bmr = x3br - x3dr;
      const double y3_bmi = x3bi - x3di;
      const double y3ar = y3_acr + y3_bdr;
      const double y3ai = y3_aci + y3_bdi;
      const double y3_1r = y3_amr + y3_bmi;
      const double y3_1i = y3_ami - y3_bmr;
      const double y3_2r = y3_acr - y3_bdr;
      const double y3_2i = y3_aci - y3_bdi;
      const double y3_3r = y3_amr - y3_bmi;
      const double y3_3i = y3_ami + y3_bmr;
      const double y3br = u31.x * y3_1r - u31.y * y3_1i;
      const double y3bi = u31.x * y3_1i + u31.y * y3_1r;
      const double y3cr = u32.x * y3_2r - u32.y * y3_2i;
      const double y3ci = u32.x * y3_2i + u32.y * y3_2r;
      const double y3dr = u33.x * y3_3r - u33.y * y3_3i;
      const double y3di = u33.x * y3_3i + u33.y * y3_3r;
      const double z0_acr = y0ar + y2ar;
      const double z0_aci = y0ai + y2ai;
      const double z0_amr = y0ar - y2ar;
      const double z0_ami = y0ai - y2ai;
      const double z0_bdr = y1ar + y3ar;
      const double z0_bdi = y1ai + y3ai;
      const double z0_bmr = y1ar - y3ar;
      const double z0_bmi = y1ai - y3ai;
      const double z0ar = z0_acr + z0_bdr;
      const double z0ai = z0_aci + z0_bdi;
      const double z0_1r = z0_amr + z0_bmi;
      const double z0_1i = z0_ami - z0_bmr;
      const double z0_2r = z0_acr - z0_bdr;
      const double z0_2i = z0_aci - z0_bdi;
      const double z0_3r = z0_amr - z0_bmi;
      const double z0_3i = z0_ami + z0_bmr;
      const double z0br = v1.x * z0_1r - v1.y * z0_1i;
      const double z0bi = v1.x * z0_1i + v1.y * z0_1r;
      const double z0cr = v2.x * z0_2r - v2.y * z0_2i;
      const double z0ci = v2.x * z0_2i + v2.y * z0_2r;
      const double z0dr = v3.x * z0_3r - v3.y * z0_3i;
      const double z0di = v3.x * z0_3i + v3.y * z0_3r;
      yr[to + i + 0 * width] = z0ar;
      yi[to + i + 0 * width] = z0ai;
      yr[to + i + 4 * width] = z0br;
      yi[to + i + 4 * width] = z0bi;
      yr[to + i + 8 * width] = z0cr;
      yi[to + i + 8 * width] = z0ci;
      yr[to + i + 12 * width] = z0dr;
      yi[to + i + 12 * width] = z0di;
      const double z1_acr = y0br + y2br;
      const double z1_aci = y0bi + y2bi;
      const double z1_amr = y0br - y2br;
      const double z1_ami = y0bi - y2bi;
      const double z1_bdr = y1br + y3br;
      const double z1_bdi = y1bi + y3bi;
      const double z1_bmr = y1br - y3br;
      const double z1_bmi = y1bi - y3bi;
      const double z1ar = z1_acr + z1_bdr;
      const double z1ai = z1_aci + z1_bdi;
      const double z1_1r = z1_amr + z1_bmi;
      const double z1_1i = z1_ami - z1_bmr;
      const double z1_2r = z1_acr - z1_bdr;
      const double z1_2i = z1_aci - z1_bdi;
      const double z1_3r = z1_amr - z1_bmi;
      const double z1_3i = z1_ami + z1_bmr;
      const double z1br = v1.x * z1_1r - v1.y * z1_1i;
      const double z1bi = v1.x * z1_1i + v1.y * z1_1r;
      const double z1cr = v2.x * z1_2r - v2.y * z1_2i;
      const double z1ci = v2.x * z1_2i + v2.y * z1_2r;
      const double z1dr = v3.x * z1_3r - v3.y * z1_3i;
      const double z1di = v3.x * z1_3i + v3.y * z1_3r;
      yr[to + i + 1 * width] = z1ar;
      yi[to + i + 1 * width] = z1ai;
      yr[to + i + 5 * width] = z1br;
      yi[to + i + 5 * width] = z1bi;
      yr[to + i + 9 * width] = z1cr;
      yi[to + i + 9 * width] = z1ci;
      yr[to + i + 13 * width] = z1dr;
      yi[to + i + 13 * width] = z1di;
      const double z2_acr = y0cr + y2cr;
      const double z2_aci = y0ci + y2ci;
      const double z2_amr = y0cr - y2cr;
      const double z2_ami = y0ci - y2ci;
      const double z2_bdr = y1cr + y3cr;
      const double z2_bdi = y1ci + y3ci;
      const double z2_bmr = y1cr - y3cr;
      const double z2_bmi = y1ci - y3ci;
      const double z2ar = z2_acr + z2_bdr;
      const double z2ai = z2_aci + z2_bdi;
      const double z2_1r = z2_amr + z2_bmi;
      const double z2_1i = z2_ami - z2_bmr;
      const double z2_2r = z2_acr - z2_bdr;
      const double z2_2i = z2_aci - z2_bdi;
      const double z2_3r = z2_amr - z2_bmi;
      const double z2_3i = z2_ami + z2_bmr;
      const double z2br = v1.x * z2_1r - v1.y * z2_1i;
      const double z2bi = v1.x * z2_1i + v1.y * z2_1r;
      const double z2cr = v2.x * z2_2r - v2.y * z2_2i;
      const double z2ci = v2.x * z2_2i + v2.y * z2_2r;
      const double z2dr = v3.x * z2_3r - v3.y * z2_3i;
      const double z2di = v3.x * z2_3i + v3.y * z2_3r;
      yr[to + i + 2 * width] = z2ar;
      yi[to + i + 2 * width] = z2ai;
      yr[to + i + 6 * width] = z2br;
      yi[to + i + 6 * width] = z2bi;
      yr[to + i + 10 * width] = z2cr;
      yi[to + i + 10 * width] = z2ci;
      yr[to + i + 14 * width] = z2dr;
      yi[to + i + 14 * width] = z2di;
      const double z3_acr = y0dr + y2dr;
      const double z3_aci = y0di + y2di;
      const double z3_amr = y0dr - y2dr;
      const double z3_ami = y0di - y2di;
      const double z3_bdr = y1dr + y3dr;
      const double z3_bdi = y1di + y3di;
      const double z3_bmr = y1dr - y3dr;
      const double z3_bmi = y1di - y3di;
      const double z3ar = z3_acr + z3_bdr;
      const double z3ai = z3_aci + z3_bdi;
      const double z3_1r = z3_amr + z3_bmi;
      const double z3_1i = z3_ami - z3_bmr;
      const double z3_2r = z3_acr - z3_bdr;
      const double z3_2i = z3_aci - z3_bdi;
      const double z3_3r = z3_amr - z3_bmi;
      const double z3_3i = z3_ami + z3_bmr;
      const double z3br = v1.x * z3_1r - v1.y * z3_1i;
      const double z3bi = v1.x * z3_1i + v1.y * z3_1r;
      const double z3cr = v2.x * z3_2r - v2.y * z3_2i;
      const double z3ci = v2.x * z3_2i + v2.y * z3_2r;
      const double z3dr = v3.x * z3_3r - v3.y * z3_3i;
      const double z3di = v3.x * z3_3i + v3.y * z3_3r;
      yr[to + i + 3 * width] = z3ar;
      yi[to + i + 3 * width] = z3ai;
      yr[to + i + 7 * width] = z3br;
      yi[to + i + 7 * width] = z3bi;
      yr[to + i + 11 * width] = z3cr;
      yi[to + i + 11 * width] = z3ci;
      yr[to + i + 15 * width] = z3dr;
      yi[to + i + 15 * width] = z3di;
    }
    unit += count;
  }
}
