// Said over everything else: the server is lost, or was started anew.

import { text } from "../../texts.js";
import "./connection.css";

export function ConnectionBanner({ store }) {
  const state = store.connection.value;
  const language = store.language.value;
  return (
    <div class="connection-place" role="alert">
      {state !== "open" && (
        <div class={`connection ${state}`}>
          <b>{text(`connection.${state}`, language)}</b>
          <span>{text(`connection.${state}.hint`, language)}</span>
        </div>
      )}
    </div>
  );
}
