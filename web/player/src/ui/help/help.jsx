// Help in the header: the page of keys, and the tour.

import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../../texts.js";
import { Button } from "../icons.jsx";
import "./help.css";
import { KeysPage } from "./keys_page.jsx";
import { tour } from "./tour.js";

const TOUR_DELAY_MS = 900;

export function Help({ player }) {
  const { store } = player;
  const language = store.language.value;
  const dialog = useRef(null);
  const menu = useRef(null);
  const [open, setOpen] = useState(false);
  player.page.showKeys = () => (dialog.current.open ? dialog.current.close() : dialog.current.showModal());
  const ready = store.stage.value === "ready";
  useEffect(() => {
    if (!ready || store.toured.peek() || store.linked.peek()) return;
    const timer = setTimeout(() => store.toured.peek() || tour(player), TOUR_DELAY_MS);
    return () => clearTimeout(timer);
  }, [ready]);
  useEffect(() => {
    if (!open) return;
    const away = (event) => !menu.current.contains(event.target) && setOpen(false);
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const choose = (action) => () => {
    setOpen(false);
    action();
  };
  return (
    <div class="help" ref={menu} onKeyDown={(event) => event.key === "Escape" && open && (event.preventDefault(), setOpen(false))}>
      <Button icon="help" className="help-button" label={text("help", language)} expanded={open} onClick={() => setOpen(!open)} />
      {open && (
        <div class="help-menu" role="menu">
          <button type="button" role="menuitem" onClick={choose(() => player.page.showKeys())}>
            {text("help.keys", language)}
            <kbd>?</kbd>
          </button>
          <button type="button" role="menuitem" onClick={choose(() => tour(player))}>
            {text("help.tour", language)}
          </button>
        </div>
      )}
      <KeysPage player={player} dialog={dialog} />
    </div>
  );
}
