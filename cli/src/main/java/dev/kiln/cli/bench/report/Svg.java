package dev.kiln.cli.bench.report;

import java.awt.Dimension;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.internal.chartpart.Chart;
import org.w3c.dom.DOMImplementation;

/** Charts as SVG. */
final class Svg {
  private static final String NAMESPACE = "http://www.w3.org/2000/svg";

  private Svg() {}

  /** Draws a chart into a file, at the chart's own size. */
  static void write(Chart<?, ?> chart, Path file) throws IOException {
    SVGGraphics2D graphics = new SVGGraphics2D(dom().createDocument(NAMESPACE, "svg", null));
    graphics.setSVGCanvasSize(new Dimension(chart.getWidth(), chart.getHeight()));
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    try (Writer out = Files.newBufferedWriter(file)) {
      graphics.stream(out, true); // With style sheets: shorter.
    }
  }

  private static DOMImplementation dom() {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .getDOMImplementation();
    } catch (ParserConfigurationException e) {
      throw new AssertionError("the JDK's own DOM", e);
    }
  }
}
