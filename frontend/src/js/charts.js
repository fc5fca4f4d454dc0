// Draws {% chart %}: reads the JSON beside the element, links each point to the rows it counts.
// SVG and rich-text tooltips keep the strict Content-Security-Policy: no inline style attributes.
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

// Each at least 3:1 on white, and told apart with the common colour-vision deficiencies.
const COLORS = ["#0f5fb3", "#c2570c", "#0f766e", "#8a5a00", "#7c3aad", "#b3261e", "#4b5563", "#2f7d32"];
const TEXT = "#526070";
const LINE = "#e3e8ef";

const number = (value) => (value === null || value === "" ? null : Number(value));

function formatter(unit) {
  const digits = unit === "¥" || unit === "%" ? 2 : 0;
  const plain = new Intl.NumberFormat(document.documentElement.lang || "en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: Math.max(digits, 2),
  });
  return (value) => {
    if (value === null || value === undefined || Number.isNaN(value)) return "—";
    if (unit === "¥") return `${value < 0 ? "-" : ""}¥${plain.format(Math.abs(value))}`;
    return `${plain.format(value)}${unit ? ` ${unit}` : ""}`;
  };
}

/** Axis labels stay short (12.5K, 1.2万); tooltips and the table show every digit. */
function axisFormatter(unit) {
  const compact = new Intl.NumberFormat(document.documentElement.lang || "en", {
    notation: "compact",
    maximumFractionDigits: 1,
  });
  return (value) => (unit === "¥" ? `${value < 0 ? "-" : ""}¥${compact.format(Math.abs(value))}` : compact.format(value));
}

function pie(chart) {
  const [series] = chart.series;
  return {
    tooltip: { trigger: "item" },
    series: [
      {
        type: "pie",
        name: series.name,
        radius: ["52%", "78%"],
        center: ["50%", "44%"],
        itemStyle: { borderColor: "#fff", borderWidth: 2 },
        label: { show: false },
        data: chart.labels.map((name, index) => ({ name, value: number(series.values[index]) })),
      },
    ],
  };
}

function axes(chart) {
  const stacked = chart.kind === "stacked";
  return {
    grid: { left: 4, right: 12, top: 12, bottom: chart.series.length > 1 ? 36 : 4, containLabel: true },
    tooltip: { trigger: "axis", axisPointer: { type: chart.kind === "line" ? "line" : "shadow" } },
    xAxis: {
      type: "category",
      data: chart.labels,
      axisLabel: { color: TEXT, hideOverlap: true },
      axisLine: { lineStyle: { color: LINE } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      axisLabel: { color: TEXT, formatter: axisFormatter(chart.unit) },
      splitLine: { lineStyle: { color: LINE } },
    },
    series: chart.series.map((series) => ({
      name: series.name,
      type: chart.kind === "line" ? "line" : "bar",
      stack: stacked ? "all" : undefined,
      data: series.values.map(number),
      symbolSize: 7,
      lineStyle: { width: 2.5 },
      barMaxWidth: 36,
      itemStyle: chart.kind === "bar" ? { borderRadius: [4, 4, 0, 0] } : {},
    })),
  };
}

function options(chart) {
  const several = chart.kind === "pie" || chart.series.length > 1;
  const base = chart.kind === "pie" ? pie(chart) : axes(chart);
  return {
    ...base,
    color: COLORS,
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 350,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    legend: several
      ? { bottom: 0, type: "scroll", icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: TEXT } }
      : undefined,
    tooltip: {
      ...base.tooltip,
      renderMode: "richText",
      confine: true,
      valueFormatter: formatter(chart.unit),
      borderColor: LINE,
      textStyle: { color: "#1f2a37" },
    },
  };
}

const drawn = new WeakSet();

export function draw(element) {
  if (drawn.has(element)) return;
  drawn.add(element);
  const chart = JSON.parse(element.dataset.chart);
  const view = init(element, null, { renderer: "svg" });
  view.setOption(options(chart));
  if (chart.urls?.length) view.on("click", ({ dataIndex }) => {
    const url = chart.urls[dataIndex];
    if (url) window.location.assign(url);
  });
  const observer = new ResizeObserver(() => {
    if (element.isConnected) view.resize();
    else {
      observer.disconnect(); // htmx replaced this part of the page
      view.dispose();
    }
  });
  observer.observe(element);
}
