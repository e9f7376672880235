// The slot board: every place as it stands, what is in it and how full that is.

import { text } from "../../texts.js";
import { useValues } from "./use_values.js";

const FIELDS = ["st_pack_present", "st_seated", "st_latched", "pv_pack_serial", "pv_soc_frac", "pv_charge_w"];
/** What a place warns of, worst first: field, from which value on, word. */
const WARNINGS = [
  ["st_flame", 1, "operator.place.flame"],
  ["st_smoke", 1, "operator.place.smoke"],
  ["pv_gas_lel_frac", 0.1, "operator.place.gas"],
];
const SHOWN = [...FIELDS, "pv_pack_temperature_c", ...WARNINGS.map(([field]) => field)];

export function Board({ player, panel, language }) {
  const places = panel.board.rows.flat();
  const value = useValues(
    player,
    places.flatMap((place) => SHOWN.map((field) => `${place}.${field}`).filter((name) => player.signals.known.has(name))),
  );
  return (
    <div class="operator-board">
      {panel.board.rows.map((row) => (
        <div key={row[0]} class="operator-row">
          {row.map((place) => (
            <Place key={place} place={place} name={panel.board.names[place][language]} player={player} value={value} language={language} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Place({ place, name, player, value, language }) {
  const of = (field) => value(`${place}.${field}`);
  const present = of("st_pack_present") === 1;
  const serial = player.signals.known.get(`${place}.pv_pack_serial`)?.labels?.[String(of("pv_pack_serial"))];
  const soc = of("pv_soc_frac");
  const power = of("pv_charge_w");
  const warmth = of("pv_pack_temperature_c");
  const warning = WARNINGS.find(([field, from]) => of(field) >= from)?.[2];
  const seated = of("st_seated") !== 0 && of("st_latched") !== 0;
  return (
    <div class={`operator-place ${present ? "full" : ""} ${present && !seated ? "loose" : ""} ${warning ? "danger" : ""}`} data-place={place}>
      <b>{name}</b>
      <span>{present ? (serial === "none" ? "?" : serial) : text("operator.place.empty", language)}</span>
      {present && soc > 0 && (
        <>
          <i class="operator-soc" aria-hidden="true">
            <i style={{ width: `${Math.round(soc * 100)}%` }} />
          </i>
          <small>
            {Math.round(soc * 100)} %{power > 0 && ` ⚡ ${Math.round(power / 1000)} kW`}
          </small>
        </>
      )}
      {present && warmth !== undefined && <small>{Math.round(warmth)} °C</small>}
      {warning && <strong>{text(warning, language)}</strong>}
      {present && !seated && <small>{text("operator.place.loose", language)}</small>}
    </div>
  );
}
