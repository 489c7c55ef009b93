package dev.kiln.cpu;

/** Small functions that emitted scalar code calls; the JIT compiler inlines them. */
final class Scalars {
  private Scalars() {}

  static boolean eq(int a, int b) {
    return a == b;
  }

  static boolean ne(int a, int b) {
    return a != b;
  }

  static boolean lt(int a, int b) {
    return a < b;
  }

  static boolean le(int a, int b) {
    return a <= b;
  }

  static boolean gt(int a, int b) {
    return a > b;
  }

  static boolean ge(int a, int b) {
    return a >= b;
  }

  static boolean eq(long a, long b) {
    return a == b;
  }

  static boolean ne(long a, long b) {
    return a != b;
  }

  static boolean lt(long a, long b) {
    return a < b;
  }

  static boolean le(long a, long b) {
    return a <= b;
  }

  static boolean gt(long a, long b) {
    return a > b;
  }

  static boolean ge(long a, long b) {
    return a >= b;
  }

  static boolean eq(float a, float b) {
    return a == b;
  }

  static boolean ne(float a, float b) {
    return a != b;
  }

  static boolean lt(float a, float b) {
    return a < b;
  }

  static boolean le(float a, float b) {
    return a <= b;
  }

  static boolean gt(float a, float b) {
    return a > b;
  }

  static boolean ge(float a, float b) {
    return a >= b;
  }

  static boolean eq(double a, double b) {
    return a == b;
  }

  static boolean ne(double a, double b) {
    return a != b;
  }

  static boolean lt(double a, double b) {
    return a < b;
  }

  static boolean le(double a, double b) {
    return a <= b;
  }

  static boolean gt(double a, double b) {
    return a > b;
  }

  static boolean ge(double a, double b) {
    return a >= b;
  }

  static int select(boolean condition, int yes, int no) {
    return condition ? yes : no;
  }

  static long select(boolean condition, long yes, long no) {
    return condition ? yes : no;
  }

  static float select(boolean condition, float yes, float no) {
    return condition ? yes : no;
  }

  static double select(boolean condition, double yes, double no) {
    return condition ? yes : no;
  }

  static float sqrt(float a) {
    return (float) Math.sqrt(a);
  }

  static double sqrt(double a) {
    return Math.sqrt(a);
  }

  static boolean bool(byte stored) {
    return stored != 0;
  }

  static int floorDiv(int a, int b) {
    return b == 0 ? 0 : Math.floorDiv(a, b);
  }

  static int floorMod(int a, int b) {
    return b == 0 ? 0 : Math.floorMod(a, b);
  }

  static long floorDiv(long a, long b) {
    return b == 0 ? 0 : Math.floorDiv(a, b);
  }

  static long floorMod(long a, long b) {
    return b == 0 ? 0 : Math.floorMod(a, b);
  }

  static int unsignedFloorDiv(int a, int b) {
    return b == 0 ? 0 : Integer.divideUnsigned(a, b);
  }

  static int unsignedFloorMod(int a, int b) {
    return b == 0 ? 0 : Integer.remainderUnsigned(a, b);
  }

  static long unsignedFloorDiv(long a, long b) {
    return b == 0 ? 0 : Long.divideUnsigned(a, b);
  }

  static long unsignedFloorMod(long a, long b) {
    return b == 0 ? 0 : Long.remainderUnsigned(a, b);
  }

  static float unsignedToFloat(long a) {
    return a >= 0 ? (float) a : 2 * (float) ((a >>> 1) | (a & 1));
  }

  static double unsignedToDouble(long a) {
    return a >= 0 ? (double) a : 2 * (double) ((a >>> 1) | (a & 1));
  }

  static int unsignedMin(int a, int b) {
    return Integer.compareUnsigned(a, b) <= 0 ? a : b;
  }

  static int unsignedMax(int a, int b) {
    return Integer.compareUnsigned(a, b) >= 0 ? a : b;
  }

  static long unsignedMin(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  static long unsignedMax(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }
}
