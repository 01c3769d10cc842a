"use strict";
// Moves the panels along the minutes of 1 April 2025. All figures stand in the page; nothing is
// fetched. Who asks for less motion gets steps of a second instead of a film.
(() => {
  const told = JSON.parse(document.getElementById("morning").textContent);
  const find = (id) => document.getElementById(id);
  const control = find("control"), slider = find("tick"), button = find("play"), clock = find("clock");
  const panels = [...document.querySelectorAll("[data-rule]")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const last = told.clocks.length - 1;
  const STEPS = [0, 4, 12, 20, 30, 40, 60, last - 1, last];
  const playText = button.textContent;
  let timer = 0;

  const number = (value) => value.toLocaleString(told.lang === "nl" ? "nl-BE" : "en-GB");

  function show(tick) {
    slider.value = tick;
    clock.textContent = told.clocks[tick];
    slider.setAttribute("aria-valuetext", told.clocks[tick]);
    document.body.classList.toggle("playing", tick < last);
    for (const panel of panels) {
      const course = told.rules[panel.dataset.rule];
      panel.querySelector("[data-given]").textContent = number(course.given[tick]);
      for (const bar of panel.querySelectorAll("[data-line]"))
        bar.setAttribute("width", 100 * course.lines[bar.dataset.line][tick] / told.top + "%");
      for (const text of panel.querySelectorAll("[data-of]"))
        text.textContent = tick === last
          ? text.dataset.end : Math.round(course.lines[text.dataset.of][tick]);
      for (const square of panel.querySelectorAll("[data-tick]"))
        square.classList.toggle("off", Number(square.dataset.tick) > tick);
    }
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    button.textContent = playText;
  }

  function step() {
    const tick = Number(slider.value);
    if (tick >= last) return stop();
    show(calm.matches ? STEPS.find((each) => each > tick) : tick + 1);
    timer = setTimeout(step, calm.matches ? 1000 : tick + 1 >= told.minutes ? 1200 : 125);
  }

  function toggle() {
    if (timer) return stop();
    if (Number(slider.value) >= last) show(0);
    button.textContent = button.dataset.pause;
    timer = setTimeout(step, 400);
  }

  button.addEventListener("click", toggle);
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  slider.addEventListener("keydown", (pressed) => {
    if (pressed.key === " ") { pressed.preventDefault(); toggle(); }
  });
  control.hidden = false;
  show(last);
})();
