// Colours of the plots, and what both charts and lanes know of the panel's geometry.

/** Width of a chart's numbers and of the margin at its right, px: charts, lanes and the axis of time share them. */
export const LEFT_PX = 58;
export const RIGHT_PX = 14;

const LINES = {
  light: ["#0f6d93", "#c2571a", "#3a8f4d", "#8a4fb3", "#b3121b", "#8a7a10", "#2f6fd0", "#a5487f"],
  dark: ["#4fb3d9", "#f0985a", "#7ccb8c", "#c3a3ee", "#ff8f93", "#d9c24a", "#8bb5ff", "#ee9ecb"],
};
const BANDS = {
  light: ["#2f7fb8", "#3a9d5d", "#7a68bd", "#c2702a", "#2b9c8f", "#a5487f", "#5a74c9", "#8a7a10"],
  dark: ["#2a6f9f", "#2f7f4b", "#6555a0", "#a05c22", "#227d72", "#8a3c6a", "#4a60aa", "#75680f"],
};

const ALARM = "#c62f37";

export const lineColour = (i, theme) => LINES[theme][i % LINES[theme].length];

/** Colour of a band: on is filled, off hardly there, a label has its own. */
export function bandColour(signal, value, theme) {
  if (signal.type === "bool") return !value ? null : signal.kind === "alm" ? ALARM : BANDS[theme][1];
  return signal.labels?.[String(value)] === "none" ? null : BANDS[theme][Math.abs(value) % BANDS[theme].length];
}

/** A canvas as large as it is shown, cleared; its pen in CSS pixels. */
export function penOf(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = `12px ${style.fontFamily}`;
  pen.textBaseline = "middle";
  const room = Math.max(width - LEFT_PX - RIGHT_PX, 1);
  return {
    pen, width, height, room,
    ink: style.getPropertyValue("--ink-soft"), line: style.getPropertyValue("--line"),
    x: (t, [t0, t1]) => LEFT_PX + ((t - t0) / (t1 - t0)) * room,
  };
}
