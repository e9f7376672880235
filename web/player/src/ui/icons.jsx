// Icons as plain paths, 24 × 24.

const PATHS = {
  play: "M8 5v14l11-7z",
  pause: "M7 5h4v14H7zm6 0h4v14h-4z",
  back: "M15 5v14l-8-7zM5 5h2v14H5z",
  forward: "M9 5v14l8-7zm8 0h2v14h-2z",
  previous: "M12 5v14l-8-7zm8 0v14l-8-7z",
  next: "M12 5v14l8-7zM4 5v14l8-7z",
  sun: "M12 7a5 5 0 100 10 5 5 0 000-10zM11 1h2v4h-2zm0 18h2v4h-2zM1 11h4v2H1zm18 0h4v2h-4zM4.2 5.6l1.4-1.4 2.8 2.8L7 8.4zm11.4 11.4l1.4-1.4 2.8 2.8-1.4 1.4zM4.2 18.4L7 15.6 8.4 17l-2.8 2.8zM15.6 7l2.8-2.8 1.4 1.4L17 8.4z",
  fold: "M12 3l5 5-1.4 1.4L12 5.8 8.4 9.4 7 8zM4 11h16v2H4zm8 10l-5-5 1.4-1.4 3.6 3.6 3.6-3.6L17 16z",
  up: "M12 6l7 7-1.6 1.6L13.1 10.300V19h-2.2v-8.700L6.600 14.600 5 13z",
  close: "M6.400 5L5 6.400 10.600 12 5 17.600 6.400 19 12 13.400 17.600 19 19 17.600 13.400 12 19 6.400 17.600 5 12 10.600z",
  plus: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  minus: "M5 11h14v2H5z",
  fit: "M3 5h2v14H3zm16 0h2v14h-2zM6 12l4-4 1.200 1.200-2 2h5.600l-2-2L14 8l4 4-4 4-1.200-1.200 2-2H9.200l2 2L10 16z",
};

// Those of the panels and tools are drawn as lines.
const LINES = {
  parts: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  signals: "M4 6h10M4 12h16M4 18h7M17 4v4M13 16v4",
  plots: "M4 4v16h16M7 15l4-5 3 3 5-7",
  inspector: "M12 21a9 9 0 100-18 9 9 0 000 18zM12 11v5M12 8v.01",
  why: "M12 21a9 9 0 100-18 9 9 0 000 18zM9.200 9.300a2.800 2.800 0 115 1.700c-1 .9-2.200 1.300-2.200 2.800M12 16.900v.2",
  search: "M10.5 17a6.500 6.500 0 100-13 6.500 6.500 0 000 13zM20 20l-5-5",
  notes: "M5 4h14v11l-5 5H5zM14 20v-5h5M8 9h8M8 12h5",
  link: "M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1",
  cut: "M6 8a2 2 0 1 1 0-.01M6 18a2 2 0 1 1 0-.01M8 8l12 9M8 17l12-9",
  branch: "M6 4v16M6 14c0-5 12-3 12-8M18 3l3 3-3 0-3 0zM6 20l3-3-6 0z",
  compare: "M4 5h9v9H4zM11 10h9v9h-9z",
  alarms: "M12 4l9 16H3zM12 10v4M12 17v.01",
  validation: "M9 3h6v4H9zM9 5H5v16h14V5h-4M8.500 12h7M8.500 16h4",
  lesson: "M2 9l10-5 10 5-10 5zM6 11.500v5c3 2.500 9 2.500 12 0v-5M22 9v6",
  page: "M13 3H6v18h12v-7M13 3l5 5h-5zM12 11v6M9.500 14.500L12 17l2.500-2.500",
  about: "M6 3h9l4 4v14H6zM14 3v5h5M9 13h7M9 17h7",
  operator: "M4 5h16v14H4zM8 10h3v5H8zM14 9v.01M17 9v.01M14 14h3",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 15a3 3 0 100-6 3 3 0 000 6z",
  eye_off: "M4 4l16 16M9 5.6A9 9 0 0112 5c6 0 10 7 10 7a17 17 0 01-3 3.700M6.5 7.5A16 16 0 002 12s4 7 10 7a9 9 0 004-1",
  ghost: "M4 4h10v10H4zM10 10h10v10H10z",
  focus: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5M12 13a1 1 0 100-2 1 1 0 000 2z",
  bell: "M6 17V11a6 6 0 0112 0v6l2 1H4zM10 21h4",
  loop: "M17 3l3 3-3 3M20 6H8a4 4 0 00-4 4v1M7 21l-3-3 3-3M4 18h12a4 4 0 004-4v-1",
  zoom_in: "M10.5 17a6.5 6.5 0 100-13 6.5 6.5 0 000 13zM20 20l-5-5M7.5 10.5h6M10.5 7.5v6",
  zoom_out: "M10.5 17a6.5 6.5 0 100-13 6.5 6.5 0 000 13zM20 20l-5-5M7.5 10.5h6",
  fit: "M3 5v14M21 5v14M7 12h10M10 9l-3 3 3 3M14 9l3 3-3 3",
  measure: "M3 15L15 3l6 6L9 21zM7 11l2 2M10 8l3 3M13 5l2 2",
  section: "M4 7l8-4 8 4v10l-8 4-8-4zM12 3v18",
  follow: "M12 15a3 3 0 100-6 3 3 0 000 6zM12 3v3M12 18v3M3 12h3M18 12h3",
  save: "M4 8h3l2-3h6l2 3h3v11H4zM12 17a4 4 0 100-8 4 4 0 000 8z",
  help: "M9 9a3 3 0 116 0c0 2-3 2.5-3 5M12 18v.01",
  reset: "M5 5v5h5M5.5 10a7.5 7.5 0 11-.8 5",
};

export function Icon({ name }) {
  if (LINES[name]) {
    return (
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d={LINES[name]} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
      </svg>
    );
  }
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} fill="currentColor" />
    </svg>
  );
}

export function Button({ icon, label, onClick, pressed, expanded, children, className = "" }) {
  return (
    <button type="button" class={`button ${className}`} title={label} aria-label={label} aria-pressed={pressed} aria-expanded={expanded} onClick={onClick}>
      {icon ? <Icon name={icon} /> : children}
    </button>
  );
}
