// A long list of which only what is in sight exists: lines of one height.

import { useEffect, useRef, useState } from "preact/hooks";

/** Lines drawn beyond either edge, so that a quick scroll shows no hole. */
const MARGIN = 4;

/**
 * @param rows what to show, each with a `key`
 * @param height of a line, px
 * @param children row → its element
 * @param onShown called with the rows in sight whenever they change
 * @param reveal number of a row to bring into sight when it changes; null for none
 */
export function LongList({ rows, height, children, label, className = "", onShown, reveal = null }) {
  const place = useRef(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const look = () => {
    // A size or a scroll may still be told of a list that is gone.
    if (place.current) setView({ top: place.current.scrollTop, height: place.current.clientHeight });
  };
  useEffect(() => {
    const observer = new ResizeObserver(look);
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (reveal === null || !view.height || !place.current) return;
    const { scrollTop, clientHeight } = place.current;
    const y = reveal * height;
    if (y < scrollTop || y + height > scrollTop + clientHeight) place.current.scrollTop = y - clientHeight / 3;
  }, [reveal, view.height > 0]);
  const first = Math.max(0, Math.min(Math.floor(view.top / height) - MARGIN, rows.length - 1));
  const shown = rows.slice(first, first + Math.ceil(view.height / height) + 2 * MARGIN);
  useEffect(() => onShown?.(shown), [shown.map((row) => row.key).join()]);
  return (
    <div ref={place} class={`list ${className}`} role="list" aria-label={label} tabIndex={-1} onScroll={look}>
      <div class="list-all" style={{ height: `${rows.length * height}px` }}>
        <div class="list-shown" style={{ transform: `translateY(${first * height}px)` }}>
          {shown.map((row) => (
            <div key={row.key} class="list-row" role="listitem" style={{ height: `${height}px` }}>
              {children(row)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
