// A tour of one minute round the page, in this person's language.

import { driver } from "driver.js";
import "driver.js/dist/driver.css";
import { text } from "../../texts.js";

const STOPS = [
  ["welcome", null],
  ["badge", ".badge"],
  ["picture", "main.picture"],
  ["tools", ".tools"],
  ["bar", ".bar"],
  ["timeline", ".timeline-place"],
  ["transport", ".transport"],
  ["help", ".help"],
];

/** Show the tour; however it ends, it does not begin by itself again. */
export function tour(player) {
  const { store } = player;
  const language = store.language.value;
  const word = (key) => text(`tour.${key}`, language);
  const steps = STOPS.filter(([, place]) => !place || document.querySelector(place)).map(([id, element]) => ({
    element: element ?? undefined,
    popover: { title: word(id), description: word(`${id}.text`) },
  }));
  const guide = driver({
    steps,
    animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    showProgress: true,
    progressText: "{{current}} / {{total}}",
    nextBtnText: word("next"),
    prevBtnText: word("previous"),
    doneBtnText: word("done"),
    popoverClass: `swaptwin-tour ${store.theme.value}`,
    stagePadding: 4,
    onPopoverRender: ({ closeButton }) => closeButton.setAttribute("aria-label", word("close")),
    onDestroyed: () => (store.toured.value = true),
  });
  guide.drive();
}
