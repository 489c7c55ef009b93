package dev.kiln.jmh;

import dev.kiln.Axes;
import dev.kiln.Kiln;
import dev.kiln.NDArray;

/** The workloads that are more than a call, as a user of Kiln writes them. */
final class KilnExpressions {
  private KilnExpressions() {}

  static NDArray triad(NDArray x, NDArray y) {
    return x.multiply(Reference.FACTOR).add(y);
  }

  static NDArray polynomial(NDArray x) {
    double[] coefficients = Reference.coefficients();
    NDArray value = Kiln.fullLike(x, coefficients[coefficients.length - 1]);
    for (int k = coefficients.length - 2; k >= 0; k--) {
      value = value.multiply(x).add(coefficients[k]);
    }
    return value;
  }

  static NDArray blackScholes(NDArray spot, NDArray strike, NDArray time) {
    double drift = Reference.INTEREST + 0.5 * Reference.VOLATILITY * Reference.VOLATILITY;
    NDArray spread = time.sqrt().multiply(Reference.VOLATILITY);
    NDArray d1 = spot.divide(strike).log().add(time.multiply(drift)).divide(spread);
    NDArray discount = time.multiply(-Reference.INTEREST).exp();
    return spot.multiply(cdf(d1))
        .subtract(strike.multiply(discount).multiply(cdf(d1.subtract(spread))));
  }

  private static NDArray cdf(NDArray d) {
    NDArray cube = d.multiply(d).multiply(d);
    return d.add(cube.multiply(Reference.CDF_CUBE))
        .multiply(Reference.CDF_SCALE)
        .tanh()
        .add(1)
        .multiply(0.5);
  }

  static NDArray softmaxRows(NDArray x) {
    Axes rows = Axes.of(1).keepDims();
    NDArray e = x.subtract(x.max(rows)).exp();
    return e.divide(e.sum(rows));
  }

  static NDArray halfHypotenuse(NDArray x, NDArray y) {
    return x.multiply(x).add(y.multiply(y)).sqrt().multiply(0.5);
  }
}
