package dev.carryover.bench.web;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.text.DecimalFormat;
import java.util.List;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;

/** The contenders' shares of what the container's memory answers, as bars. */
final class ShareChart {

  private static final int WIDTH = 900;
  private static final int HEIGHT_OF_BAR = 9;
  private static final int HEIGHT_OF_REST = 110;
  private static final Color[] COLOURS = {
    new Color(0x0b5394),
    new Color(0x3d85c6),
    new Color(0x6fa8dc),
    new Color(0x9fc5e8),
    new Color(0x6aa84f),
    new Color(0xb6d7a8),
    new Color(0xe69138)
  };

  private final List<Measurement> medians;

  ShareChart(List<Measurement> medians) {
    this.medians = medians.stream().filter(m -> m.contender() != Contender.MEMORY).toList();
  }

  String svg() {
    int height = HEIGHT_OF_REST + HEIGHT_OF_BAR * medians.size() * 5 / 4;
    SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, height);
    chart().draw(graphics, new Rectangle(WIDTH, height));
    return graphics.getSVGDocument();
  }

  private JFreeChart chart() {
    DefaultCategoryDataset shares = new DefaultCategoryDataset();
    medians.forEach(
        m -> shares.addValue(m.kept() ? m.share() : 0, m.contender().title, m.workload().title));
    JFreeChart chart =
        ChartFactory.createBarChart(
            null, null, null, shares, PlotOrientation.HORIZONTAL, true, false, false);
    chart.setTitle(
        new TextTitle(
            "Requests a second, as a share of what the container's memory answers",
            new Font(Font.SANS_SERIF, Font.BOLD, 15)));
    chart.setBackgroundPaint(Color.WHITE);
    chart.getLegend().setFrame(org.jfree.chart.block.BlockBorder.NONE);
    style(chart.getCategoryPlot(), shares.getRowCount());
    return chart;
  }

  private static void style(CategoryPlot plot, int rows) {
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    plot.setRangeGridlineStroke(new BasicStroke(1));
    plot.getDomainAxis().setCategoryMargin(0.2);
    NumberAxis axis = (NumberAxis) plot.getRangeAxis();
    axis.setRange(0, 1);
    axis.setTickUnit(new NumberTickUnit(0.1, new DecimalFormat("0.0")));
    BarRenderer bars = (BarRenderer) plot.getRenderer();
    bars.setBarPainter(new StandardBarPainter());
    bars.setShadowVisible(false);
    bars.setItemMargin(0);
    for (int row = 0; row < rows; row++) {
      bars.setSeriesPaint(row, COLOURS[row % COLOURS.length]);
    }
  }
}
